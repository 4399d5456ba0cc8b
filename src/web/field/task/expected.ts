import type { MatterPage } from '../../../modules/matters/contract.ts';
import type { CarriedKind } from '../../../modules/rounds/contract/pack.ts';
import type { Session } from '../../shared/session.tsx';
import type { Waiting } from '../phone/kept.ts';

/** A matter as it will stand once what waits in the phone has been sent. */
export interface Expected {
  readonly state: string;
  readonly stateLabel: string;
  readonly actions: MatterPage['actions'];
  /** True where something waits: the server has not said it yet. */
  readonly waits: boolean;
}

const mayTake = (action: CarriedKind['actions'][number], page: MatterPage, session: Session, taken: readonly string[]): boolean => {
  if (action.notWho.some((other) => taken.includes(other))) return false;
  const unit = page.matter.leadUnit?.id;
  return action.who.includes('anyone') || session.grants.some(({ role, unit: own }) => action.who.includes(role) && (!action.ownUnit.includes(role) || (own !== null && own.id === unit)));
};

/**
 * What the page of a matter becomes by the actions that wait, after the same declaration that the server follows: the next
 * step can be taken before the first is sent. What only the server knows (an extension asked for, a task open) it decides.
 */
export const expectedOf = (page: MatterPage, kinds: readonly CarriedKind[] | undefined, waiting: readonly Waiting[], session: Session): Expected => {
  const mine = waiting.filter((row) => row.matter === page.matter.id && row.target === 'matter' && row.refused === null);
  const kind = kinds?.find((one) => one.kind === page.matter.kind);
  const now: Expected = { state: page.matter.state, stateLabel: page.matter.stateLabel, actions: page.actions, waits: mine.length > 0 };
  if (mine.length === 0) return now;
  if (!kind) return { ...now, actions: [] };
  let state = page.matter.state;
  for (const row of mine) {
    const declared = kind.actions.find(({ name }) => name === row.action);
    if (declared && declared.to !== 'same' && declared.to !== 'rule') state = declared.to;
  }
  const taken = mine.map(({ action }) => action);
  const possible = kind.actions.filter((action) => action.from.includes(state) && mayTake(action, page, session, taken) && (!taken.includes(action.name) || action.name === 'note'));
  return {
    state, stateLabel: kind.states[state] ?? page.matter.stateLabel, waits: true,
    actions: possible.sort((a, b) => Number(b.primary) - Number(a.primary)).map(({ name, label, primary, input }) => ({ name, label, primary, input })),
  };
};
