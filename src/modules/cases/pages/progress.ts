import { progressBar } from '../../../html/components/progress.ts';
import { type Markup, markup } from '../../../html/markup.ts';
import type { FollowCard, FollowView, Stage, TurnView } from './desk.ts';
import type { Visitor } from './visitor.ts';
import { sayTime } from './words.ts';

/** Segments behind us and whether the next one moves. On hold and at an end nothing moves. */
const progressOf: Readonly<Record<Stage, readonly [done: number, moving: boolean]>> = {
  received: [1, true], checking: [1, true], filed: [1, true], declined: [1, false], merged: [1, false], void: [1, false],
  assigned: [2, true], accepted: [2, true], onSite: [2, true], rework: [2, true], held: [2, false],
  fixed: [3, true], closed: [4, false],
};

/** True while somebody is still to do something. */
export const isOpen = (stage: Stage): boolean => progressOf[stage][1] || stage === 'held';

/** The four segments of a case. */
export const segments = (visitor: Visitor, stage: Stage, named: boolean): Markup => {
  const { t } = visitor;
  const [done, moving] = progressOf[stage];
  const names = [t('segment.received'), t('segment.assigned'), t('segment.handling'), t('segment.verified')] as const;
  const spoken = done === 4 ? t('progress.ended') : moving ? t('progress.moving', { done, name: names[done]! }) : t('progress.still', { done });
  return progressBar({ done, moving, names, named, spoken });
};

/** What is happening now, in one sentence. */
export const sentence = (visitor: Visitor, card: FollowCard): string =>
  visitor.t(`stage.${card.stage}`, { unit: card.unit ?? visitor.t('unit.someone') });

/** When it is to be done, or that it is late; null where no time runs. */
export const dueWords = (visitor: Visitor, card: FollowCard): { readonly words: string; readonly late: boolean } | null => {
  if (card.dueAt === null || !progressOf[card.stage][1]) return null;
  const late = card.dueAt < visitor.now;
  return { words: visitor.t(late ? 'due.late' : 'due.until', { when: sayTime(visitor.language, card.dueAt, visitor.now, visitor.offsetMinutes) }), late };
};

/** One turn of the timeline, in words. */
export const turnWords = (visitor: Visitor, turn: TurnView): string =>
  visitor.t(`turn.${turn.turn}`, { unit: turn.unit ?? visitor.t('unit.someone') });

/** A case as a card that leads to its page. */
export const followCard = (visitor: Visitor, card: FollowCard, level: 'h2' | 'h3'): Markup => {
  const due = dueWords(visitor, card);
  const title = level === 'h2' ? markup`<h2>${card.title}</h2>` : markup`<h3>${card.title}</h3>`;
  return markup`<a class="card" href="/f/${card.token}"><div class="line">${title}<span>${sayTime(visitor.language, card.updatedAt, visitor.now, visitor.offsetMinutes)}</span></div>
${segments(visitor, card.stage, false)}<p>${sentence(visitor, card)}</p>${due && markup`<p class="${due.late ? 'due late' : 'due'}">${due.words}</p>`}</a>`;
};

/** Why, in the words of whoever decided. */
export const reasonOf = (visitor: Visitor, view: FollowView): Markup | null =>
  view.reason === null ? null : markup`<p class="due">${visitor.t('follow.reason', { reason: view.reason })}</p>`;
