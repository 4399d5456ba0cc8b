import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDrafts, draftLife, type Drafts, emptyDraft } from '../../src/modules/cases/drafts.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

describe('reports that were begun', () => {
  let world: TestWorld;
  let drafts: Drafts;
  beforeAll(async () => {
    world = await testWorld();
    drafts = createDrafts(world, '330281');
  });
  afterAll(() => world.close());
  const draft = { ...emptyDraft('00000000-0000-7000-8000-000000000009'), description: '灯杆旁的井盖松了', phone: '13900001234' };

  it('are found again by their key, as they were', async () => {
    const key = await drafts.start(draft);
    expect(key).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await drafts.find(key)).toEqual(draft);
    await drafts.save(key, { ...draft, photoAsked: true });
    expect((await drafts.find(key))?.photoAsked).toBe(true);
  });
  it('are not found by another key, nor in another county', async () => {
    const key = await drafts.start(draft);
    expect(await drafts.find(`${key.slice(0, 21)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
    expect(await drafts.find('short')).toBeUndefined();
    expect(await createDrafts(world, '330282').find(key)).toBeUndefined();
  });
  it('hold neither words nor phone nor key in clear', async () => {
    const key = await drafts.start(draft);
    const rows = await world.ownerDb.query<{ text: string }>('select (id::text || body::text) as text from case_draft');
    const all = rows.map(({ text }) => Buffer.from(text.replaceAll('\\x', ''), 'hex').toString('latin1') + Buffer.from(text.replaceAll('\\x', ''), 'hex').toString('utf8')).join('');
    expect(all).not.toContain('13900001234');
    expect(all).not.toContain('井盖');
    expect(all).not.toContain(key);
  });
  it('end a day after they were last touched, and are swept away', async () => {
    const old = await drafts.start(draft);
    world.advance(draftLife / 2);
    const touched = await drafts.start(draft);
    world.advance(draftLife / 2 + 1);
    expect(await drafts.find(old)).toBeUndefined();
    expect(await drafts.find(touched)).toBeDefined();
    expect(await drafts.sweep()).toBeGreaterThan(0);
    expect(await drafts.find(touched)).toBeDefined();
    expect(await drafts.sweep()).toBe(0);
  });
});
