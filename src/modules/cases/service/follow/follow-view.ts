import type { Entry } from '../../../ledger/index.ts';
import type { Matter } from '../../../matters/index.ts';
import type { Stage, Turn, TurnView } from '../../pages/desk.ts';

/** The turns that a reporter reads of, by action; what is not here concerns nobody but the offices. */
const turns: Readonly<Record<string, Turn>> = {
  report: 'reported', check: 'checked', file: 'filed', decline: 'declined', merge: 'merged', dispatch: 'assigned', redispatch: 'assigned', accept: 'accepted',
  part: 'filed', unmerge: 'unmerged', reply: 'replied', return: 'returned', arrive: 'onSite', finish: 'fixed', verify: 'verified', rework: 'rework', close: 'closed', approveExtension: 'extended',
  approveHold: 'held', resume: 'resumed', urge: 'urged', note: 'noted', rate: 'rated', askReopen: 'reopenAsked', reopen: 'reopened', refuseReopen: 'reopenRefused', void: 'void',
};

/** Actions whose reason or note the reporter may read. */
const told = new Set(['decline', 'void', 'approveHold', 'rework', 'finish', 'verify', 'reopen', 'refuseReopen', 'merge', 'unmerge', 'reply']);

/** Where a case stands, in the reporter's terms. */
export const stageOf = (matter: Matter): Stage => {
  switch (matter.state) {
    case 'reported': return 'received';
    case 'checking': return 'checking';
    case 'filed': return 'filed';
    case 'dispatched': return 'assigned';
    case 'handling': return Number(matter.data['reworks'] ?? 0) > 0 ? 'rework' : matter.data['arrivedAt'] !== undefined ? 'onSite' : 'accepted';
    case 'held': return 'held';
    case 'verifying': case 'verified': return 'fixed';
    case 'closed': return 'closed';
    case 'declined': return 'declined';
    case 'merged': return 'merged';
    default: return 'void';
  }
};

export interface FollowedText {
  readonly version: number;
  readonly name: string;
  readonly body: string | null;
  readonly author: string;
}

/** The reporter's timeline, oldest first. Words are shown where they are meant for the reporter or are the reporter's own. */
export const turnsOf = (
  entries: readonly { readonly entry: Entry }[], texts: readonly FollowedText[], reporter: string | null, unitName: (unit: string) => string | null,
): TurnView[] => entries.flatMap(({ entry }) => {
  const turn = turns[entry.action];
  if (!turn) return [];
  const own = entry.actor.id === reporter;
  const words = texts.find((text) => text.version === entry.mv && (text.author === reporter || told.has(entry.action)) && text.name !== 'address')?.body ?? null;
  const unit = turn === 'assigned' ? (entry.set?.['leadUnit'] as string | undefined) : entry.actor.unit;
  return [{ turn, at: Date.parse(entry.at), unit: own || unit === undefined ? null : unitName(unit), words }];
});

/** The reason that the page says first, of the last turn that has one. */
export const reasonOf = (matter: Matter, timeline: readonly TurnView[]): string | null => {
  const last = timeline.findLast(({ turn }) => turn === 'declined' || turn === 'held' || turn === 'void' || turn === 'rework' || turn === 'merged');
  return last && ['declined', 'held', 'void', 'merged'].includes(matter.state) ? last.words : null;
};
