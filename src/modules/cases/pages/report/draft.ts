import { isRefusal, refuse, type Refusal } from '../../../../base/result.ts';
import { attributes, type Markup } from '../../../../html/markup.ts';
import type { Form, PageAnswer } from '../../../../platform/http/page.ts';
import { type Draft, isDraftKey } from '../../drafts.ts';
import type { Point, StoredPhoto, Suggestion } from '../desk.ts';
import { nextStep, type Step, stepBefore, stepOf } from './steps.ts';
import { dropDraft, keepToken, type Visitor } from '../visitor.ts';
import { reasonWords } from '../words.ts';

/** A draft with the key that its addresses carry. */
export interface Open {
  readonly key: string;
  readonly draft: Draft;
}

export const stepPath = (key: string, step: Step | 'map' | 'list' | 'code' | 'done'): `/${string}` => `/report/${key}/${step}`;

/** The draft of an address; a page that says it has ended, or the done page, where there is nothing to go on with. */
export const withDraft = async (visitor: Visitor, work: (open: Open) => Promise<PageAnswer | Refusal>, sentToo = false): Promise<PageAnswer | Refusal> => {
  const key = visitor.visit.params['draft'] ?? '';
  const draft = isDraftKey(key) ? await visitor.house.drafts.find(key) : undefined;
  if (!draft) return refuse(404, 'cases.draft_ended');
  if (draft.sent && !sentToo) return visitor.go(stepPath(key, 'done'));
  return work({ key, draft });
};

/** Goes to the first question that is still open. */
export const onward = async (visitor: Visitor, key: string, draft: Draft): Promise<PageAnswer> => {
  await visitor.house.drafts.save(key, draft);
  return visitor.go(stepPath(key, nextStep(draft)));
};

const keepWords = ['away', 'now', 'drop', 'sent', 'onward', 'ended', 'look', 'full'] as const;

/** For a form of a report: its script keeps what is typed, and sends it later where the network is away. */
export const keeping = ({ t }: Visitor): Markup => attributes({ 'data-keep': JSON.stringify(Object.fromEntries(keepWords.map((one) => [one, t(`keep.${one}`)]))) });

/** Head of a step: where it stands, and the way back. */
export const stepHead = (visitor: Visitor, { key, draft }: Open, step: Step): { readonly words: string; readonly back: string } => {
  const { step: at, of } = stepOf(draft, step);
  const before = stepBefore(draft, step);
  return { words: visitor.t('step.of', { step: at, of }), back: before === null ? '/' : stepPath(key, before) };
};

/** What the system makes of a report so far. */
export const suggestFor = (visitor: Visitor, draft: Draft): Promise<Suggestion> =>
  visitor.house.desk.suggest(visitor.ask, { text: draft.description, point: draft.point, blobs: draft.photos.map(({ served }) => served), plate: null, kind: draft.kind?.key ?? null });

/** Lanes that a lamp stands along are about 30 m apart; further away one would not say "here". */
const nearMetres = 80;
export const nearby = (suggestion: Suggestion): Suggestion['components'] =>
  suggestion.components.filter(({ metres }) => metres === null || metres <= nearMetres).slice(0, 4);

/** Puts the point into the draft with what follows from it; null where it lies outside the county. */
export const located = async (visitor: Visitor, draft: Draft, point: Point, source: Exclude<Draft['source'], null>, address: string | null): Promise<Draft | null> => {
  const moved: Draft = { ...draft, point, source, address, component: null, notSame: false };
  const suggestion = await suggestFor(visitor, moved);
  if (suggestion.outside) return null;
  return {
    ...moved, placeNames: suggestion.place?.names ?? [], placeCode: suggestion.place?.code ?? null,
    otherThing: nearby(suggestion).length === 0 ? 'none' : null,
  };
};

/** A position that the script put into the form or the address. */
export const devicePoint = (form: Pick<Form, 'get'>): Point | null => {
  const lng = Number(form.get('lng') || Number.NaN);
  const lat = Number(form.get('lat') || Number.NaN);
  return Number.isFinite(lng) && Number.isFinite(lat) && Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? { lng, lat } : null;
};

/** The picture of a form, stored; null where none was chosen. */
export const takePhoto = async (visitor: Visitor, field: string): Promise<StoredPhoto | Refusal | null> => {
  const file = visitor.visit.form.files.find((one) => one.field === field);
  return file ? visitor.house.desk.putPhoto(visitor.ask, file.bytes) : null;
};

/** Photos that a report may have. */
export const photosAtMost = 6;

/**
 * The pictures of a form, stored in their order, as far as there is room beside those that the draft has. One that is refused
 * does not cost the others: its refusal comes beside them. More than there is room for is 422 `cases.photos_most`.
 */
export const takePhotos = async (visitor: Visitor, field: string, has: number): Promise<{ readonly photos: readonly StoredPhoto[]; readonly refused: Refusal | null }> => {
  const files = visitor.visit.form.files.filter((one) => one.field === field);
  const photos: StoredPhoto[] = [];
  let refused: Refusal | null = null;
  for (const { bytes } of files.slice(0, photosAtMost - has)) {
    const stored = await visitor.house.desk.putPhoto(visitor.ask, bytes);
    if (isRefusal(stored)) refused ??= stored;
    else photos.push(stored);
  }
  if (files.length > photosAtMost - has) refused ??= refuse(422, 'cases.photos_most', { most: photosAtMost });
  return { photos, refused };
};

/** The draft with more photos; the same one twice stands there once. */
export const withPhotos = (draft: Draft, more: readonly StoredPhoto[]): Draft =>
  ({ ...draft, photos: [...draft.photos, ...more.filter(({ served }, at) => !draft.photos.some((one) => one.served === served) && more.findIndex((one) => one.served === served) === at)] });

/** Sends the report and leaves nothing in the draft but what the last page says. */
export const send = async (visitor: Visitor, key: string, draft: Draft, failed: (words: string) => Promise<PageAnswer>): Promise<PageAnswer> => {
  const { house, ask } = visitor;
  const made = await house.desk.report(ask, {
    photos: draft.photos, point: draft.point, source: draft.source, address: draft.address,
    component: draft.component?.code ?? null, kind: draft.kind?.key ?? null, description: draft.description, answers: draft.answers, unnamed: draft.unnamed,
  }, draft.op);
  if (isRefusal(made)) return failed(reasonWords(made, visitor.language));
  return sentAway(visitor, key, draft, made, false);
};

/** Ends a draft with the case that it has become, or that it goes along with. */
export const sentAway = async (visitor: Visitor, key: string, draft: Draft, made: { token: string; number: string }, together: boolean): Promise<PageAnswer> => {
  const { photos: _, ...rest } = draft;
  await visitor.house.drafts.save(key, {
    ...rest, photos: [], point: null, address: null, map: null, description: '', answers: {}, category: null, phone: null, component: null, kind: null,
    placeNames: [], placeCode: null, sent: { token: made.token, number: made.number, together },
  });
  return visitor.go(stepPath(key, 'done'), [keepToken(visitor.tokens, made.token), dropDraft]);
};
