import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, emptyDraft } from '../../src/modules/cases/drafts.ts';
import { nextStep, plan, stepBefore, stepOf } from '../../src/modules/cases/pages/report/steps.ts';

const empty = emptyDraft('00000000-0000-7000-8000-000000000009');
const here = { lng: 121, lat: 30 };
const lamp = { code: '1', name: '光明路 3 号灯', kindName: '路灯' };
const point = fc.constant(here);
const anyDraft: fc.Arbitrary<Draft> = fc.record({
  photoAsked: fc.boolean(), point: fc.option(point), source: fc.option(fc.constantFrom('photo', 'device', 'plate', 'map', 'address', 'list' as const)),
  component: fc.option(fc.constant(lamp)), kind: fc.option(fc.constant({ key: 'k', name: '暴露垃圾' })), otherThing: fc.constantFrom('said', 'none', null), description: fc.constantFrom('', '灯不亮'),
}).map((parts) => ({ ...empty, ...parts } as Draft));

describe('questions of a report', () => {
  it('are three where the photo says where it was taken', () => {
    expect(plan({ ...empty, photoAsked: true, point: here, source: 'photo' })).toEqual(['photo', 'which', 'check']);
  });
  it('are one where a plate says everything', () => {
    const draft: Draft = { ...empty, photoAsked: true, source: 'plate', point: here, component: lamp };
    expect(plan(draft)).toEqual(['check']);
    expect(nextStep(draft)).toBe('check');
  });
  it('ask for the place where nothing tells it', () => {
    expect(nextStep({ ...empty, photoAsked: true })).toBe('where');
  });
  it('do not ask which lamp it is where none is near', () => {
    const draft: Draft = { ...empty, photoAsked: true, point: here, source: 'map', otherThing: 'none' };
    expect(nextStep(draft)).toBe('what');
    expect(plan(draft)).not.toContain('which');
    expect(stepBefore(draft, 'what')).toBe('where');
  });
  it('always end with the check, and the next one is always among them or beside it', () => {
    fc.assert(fc.property(anyDraft, (draft) => {
      const list = plan(draft);
      expect(list.at(-1)).toBe('check');
      expect(new Set(list).size).toBe(list.length);
      const { step, of } = stepOf(draft, nextStep(draft));
      expect(step).toBeGreaterThanOrEqual(1);
      expect(step).toBeLessThanOrEqual(of);
    }));
  });
  it('lead back to the first one, whatever was answered', () => {
    fc.assert(fc.property(anyDraft, (draft) => {
      let step = nextStep(draft);
      for (let turns = 0; turns < 8; turns++) {
        const before = stepBefore(draft, step);
        if (before === null) return;
        step = before;
      }
      expect.fail('the way back does not end');
    }));
  });
});
