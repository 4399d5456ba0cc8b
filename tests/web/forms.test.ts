import { describe, expect, test } from 'vitest';
import webTexts from '../../data/texts/web.json' with { type: 'json' };
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import { taskWorkflow } from '../../src/modules/cases/rules/task.ts';
import { fieldsOf, isInstant } from '../../src/web/ui/forms/schema.ts';

const asked = [...Object.entries(caseWorkflow.actions), ...Object.entries(taskWorkflow.actions)]
  .filter(([, { from, who }]) => from !== null && who.some((each) => each !== 'system'))
  .map(([name, { input }]) => [name, input] as const);

describe('the form of an action', () => {
  test.each(asked)('%s asks for everything that it needs, each in words', (_name, input) => {
    const fields = fieldsOf(input);
    const required = (input as { required?: readonly string[] }).required ?? [];
    for (const name of required) expect(fields.map((field) => field.name)).toContain(name);
    for (const field of fields) if (field.kind !== 'position') expect(Object.keys(webTexts)).toContain(`input.${field.name}`);
  });

  test('a position of its own members is stamped by the device and not asked for', () => {
    const fields = fieldsOf(caseWorkflow.actions['arrive']!.input);
    expect(fields.find((field) => field.kind === 'position')).toMatchObject({ flat: true, positionMembers: ['lng', 'lat', 'accuracy'] });
    expect(fields.map((field) => field.name)).not.toContain('lng');
  });

  test('what needs a photo or a reason is never done by one press; arriving and accepting are', () => {
    const instant = (name: string): boolean => isInstant(caseWorkflow.actions[name]!.input);
    expect([instant('finish'), instant('rework'), instant('decline')]).toEqual([false, false, false]);
    expect([instant('accept'), instant('arrive')]).toEqual([true, true]);
  });

  test('ids that only programs set are not asked for', () => {
    expect(fieldsOf(caseWorkflow.actions['follow']!.input)).toEqual([]);
  });

  test('a union with null, a choice of constants and a list keep their kind', () => {
    const fields = fieldsOf({
      type: 'object', required: ['way'],
      properties: {
        way: { anyOf: [{ const: 'post', type: 'string' }, { const: 'window', type: 'string' }] },
        unit: { anyOf: [{ type: 'string', 'x-picker': 'unit' }, { type: 'null' }] },
        assisting: { type: 'array', items: { type: 'string', 'x-picker': 'unit' } },
        days: { type: 'number', minimum: 0.5, maximum: 366 },
      },
    });
    expect(fields.map(({ name, kind, many, required }) => ({ name, kind, many, required }))).toEqual([
      { name: 'way', kind: 'choice', many: false, required: true },
      { name: 'unit', kind: 'unit', many: false, required: false },
      { name: 'assisting', kind: 'unit', many: true, required: false },
      { name: 'days', kind: 'number', many: false, required: false },
    ]);
    expect(fields[0]!.options).toEqual(['post', 'window']);
  });
});
