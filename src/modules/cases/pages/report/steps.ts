import type { Draft } from '../../drafts.ts';

/** Questions of a report, in the order in which they come. `together`, `map`, `list` and `code` stand beside them. */
export const steps = ['photo', 'where', 'which', 'together', 'what', 'ask', 'check'] as const;
export type Step = (typeof steps)[number];

/** Where the answer to "where" is known without asking. */
const tellsPlace = (draft: Draft): boolean => draft.point !== null && draft.source !== null && ['photo', 'device', 'plate'].includes(draft.source);

/**
 * The questions that this report takes, those answered included: what a plate, a photo or the phone has told is not among them.
 * The list may grow by an answer ("something else") and shrink by another; it always ends with `check`.
 */
export const plan = (draft: Draft): readonly Step[] => {
  const list: Step[] = [];
  if (draft.source !== 'plate') list.push('photo');
  if (!tellsPlace(draft)) list.push('where');
  if (draft.source !== 'plate') list.push(draft.otherThing === null ? 'which' : 'what');
  if (asked(draft).length > 0) list.push('ask');
  list.push('check');
  return list;
};

/** Codes of the questions about this kind of case, as far as the answers so far let them be asked. */
export const asked = ({ source, category, answers }: Draft): readonly string[] =>
  // Whoever scans a plate presses once.
  source === 'plate' ? [] : (category?.asks ?? []).filter(({ when }) => when === null || (answers[when.question] ?? []).some((one) => when.is.includes(one))).map(({ code }) => code);

/** The one of them that has to be asked next; undefined where all have their answer. */
export const pending = (draft: Draft): string | undefined => asked(draft).find((code) => draft.answers[code] === undefined && !draft.passed.includes(code));

/** The first question that has no answer yet; `check` where all have one. */
export const nextStep = (draft: Draft): Step => {
  if (!draft.photoAsked && draft.source !== 'plate') return 'photo';
  if (draft.point === null) return 'where';
  if (draft.component === null && draft.otherThing === null) return 'which';
  if (draft.component === null && draft.kind === null && draft.description.trim() === '') return 'what';
  return pending(draft) === undefined ? 'check' : 'ask';
};

/** Which step of how many, from 1, as it is told at the head of a page. `which` and `what` are one question in two turns. */
export const stepOf = (draft: Draft, step: Step): { readonly step: number; readonly of: number } => {
  const list = plan(draft);
  const same: readonly Step[] = ['which', 'together', 'what'];
  const at = list.findIndex((one) => one === step || (same.includes(one) && same.includes(step)));
  return { step: at === -1 ? list.length : at + 1, of: list.length };
};

/** The question before this one, or null at the first. */
export const stepBefore = (draft: Draft, step: Step): Step | null => {
  if (step === 'together' || (step === 'what' && draft.otherThing === 'said')) return 'which';
  const list = plan(draft);
  const at = list.indexOf(step);
  return at > 0 ? list[at - 1]! : null;
};
