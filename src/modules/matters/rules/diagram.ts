import type { Workflow } from './workflow.ts';

/** What a diagram calls states and actions. */
export interface DiagramWords {
  state(name: string): string;
  action(name: string): string;
}

/**
 * The state diagram of a kind in Mermaid's notation. Actions that keep the state are listed under it and not drawn as
 * loops: a case has sixteen of them in hand. `rule` and `any` are drawn from every state that is not final.
 */
export const diagram = (workflow: Workflow, words: DiagramWords): string => {
  const { states, final, actions } = workflow;
  const lines = ['stateDiagram-v2'];
  for (const state of states) lines.push(`  ${state} : ${words.state(state)}`);
  const arrows = new Map<string, string[]>();
  for (const [name, { from, to }] of Object.entries(actions)) {
    if (to === 'same' || to === 'rule') continue;
    const starts = from === null ? ['[*]'] : from === 'any' ? states.filter((state) => !final.includes(state)) : from;
    for (const start of starts) {
      const key = `${start} --> ${to}`;
      arrows.set(key, [...(arrows.get(key) ?? []), words.action(name)]);
    }
  }
  for (const [arrow, names] of arrows) lines.push(`  ${arrow} : ${names.join(' / ')}`);
  for (const state of final) lines.push(`  ${state} --> [*]`);
  return lines.join('\n');
};

/** Actions that leave the state as it is, with the states in which they are possible. */
export const asides = (workflow: Workflow): { readonly action: string; readonly from: readonly string[] | 'any' }[] =>
  Object.entries(workflow.actions).flatMap(([action, { from, to }]) => (to === 'same' && from !== null ? [{ action, from }] : []));
