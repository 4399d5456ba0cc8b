import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Language } from '../src/base/text/language.ts';
import { caseWorkflow } from '../src/modules/cases/rules/case.ts';
import { taskWorkflow } from '../src/modules/cases/rules/task.ts';
import { asides, diagram } from '../src/modules/matters/rules/diagram.ts';
import type { Workflow } from '../src/modules/matters/rules/workflow.ts';
import { textsOf } from '../src/platform/texts.ts';

/** The page that shows every kind of matter, generated from its declaration. */
export const kindsPage = (): string => {
  const texts = textsOf('kinds');
  const say = (key: string, language: Language): string => texts[key]?.[language] ?? key;
  const both = (key: string): string => `${say(key, 'en')} ${say(key, 'zh-Hans')}`;
  const chapter = (workflow: Workflow): string => {
    const { kind } = workflow;
    const rows = Object.entries(workflow.actions).map(([name, { who, ownUnit = [], notWho = [] }]) =>
      `| ${both(`${kind}.action.${name}`)} | ${who.map((role) => (ownUnit.includes(role) ? `${role} (own unit)` : role)).join(', ')} | ${notWho.length ? `not who did ${notWho.join(', ')}` : ''} |`);
    const same = asides(workflow).map(({ action, from }) => `- ${both(`${kind}.action.${action}`)}: ${from === 'any' ? 'until it has ended' : from.map((state) => both(`${kind}.state.${state}`)).join(', ')}`);
    return [
      `## ${both(`${kind}.name`)} (\`${kind}\`)`, '',
      '```mermaid', diagram(workflow, { state: (name) => both(`${kind}.state.${name}`), action: (name) => say(`${kind}.action.${name}`, 'en') }), '```', '',
      'Actions that keep the state:', '', ...same, '', '| action | who may | four eyes |', '|---|---|---|', ...rows, '',
    ].join('\n');
  };
  return ['# Kinds of matter', '', 'Generated from the declarations by `sh tools/run tools/kinds.ts`; `npm test` compares.', '', chapter(caseWorkflow), chapter(taskWorkflow)].join('\n');
};

export const kindsFile = resolve(import.meta.dirname, '../docs/kinds.md');

if (import.meta.main) writeFileSync(kindsFile, kindsPage());

/** True where the page in docs is the one that the declarations give. */
export const kindsAreCurrent = (): boolean => readFileSync(kindsFile, 'utf8') === kindsPage();
