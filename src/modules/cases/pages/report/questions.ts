import { isUuid } from '../../../../base/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../../../base/result.ts';
import { linkAction, scriptAction, submit } from '../../../../html/components/action.ts';
import { choiceCards } from '../../../../html/components/choice.ts';
import { errorSummary, type PageError } from '../../../../html/components/errors.ts';
import { textField } from '../../../../html/components/field.ts';
import { noticeBox } from '../../../../html/components/notice.ts';
import { photoInput, photoKept, photoView } from '../../../../html/components/photo.ts';
import { icon } from '../../../../html/icons.ts';
import { markup } from '../../../../html/markup.ts';
import type { Page, PageAnswer } from '../../../../platform/http/page.ts';
import { type Draft, emptyDraft } from '../../drafts.ts';
import { withCategory } from './ask.ts';
import { checkPage, receiveCheck } from './check.ts';
import type { ComponentChoice, KindChoice, PlatedPlace } from '../desk.ts';
import { devicePoint, keeping, located, nearby, onward, type Open, sentAway, stepHead, photosAtMost, stepPath, suggestFor, takePhotos, withDraft, withPhotos } from './draft.ts';
import { nextStep } from './steps.ts';
import { type House, keepDraft, residentPage, type Visitor } from '../visitor.ts';
import { groupNumber, kindWords, reasonWords, sayDistance, sayTime, spellNumber } from '../words.ts';

/** Photos of a new phone as they are: the script makes them smaller, but there may be no script. */
const photosLimit = 64 * 1024 * 1024;

/** The first question. `key` is null until something was answered: looking at the page keeps nothing. */
const photoPage = (visitor: Visitor, open: Open | null, errors: readonly PageError[] = []): PageAnswer => {
  const { t } = visitor;
  const head = open ? stepHead(visitor, open, 'photo') : { words: t('step.of', { step: 1, of: 3 }), back: '/' };
  const error = errors.find(({ field }) => field === 'photo')?.words ?? null;
  const has = open !== null && open.draft.photos.length > 0;
  const room = photosAtMost - (open?.draft.photos.length ?? 0);
  return visitor.page({
    title: t('photo.title'), back: head.back, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words}</p><h1>${t('photo.title')}</h1>
<form method="post" enctype="multipart/form-data" action="${open ? stepPath(open.key, 'photo') : '/report'}"${keeping(visitor)}><input type="hidden" name="op" value="${open?.draft.op ?? visitor.op()}"><input type="hidden" name="lng" value=""><input type="hidden" name="lat" value="">
${has && markup`<div class="photos">${open.draft.photos.map((_, at) => photoKept({ src: `/report/${open.key}/picture/${at}`, alt: t('photo.nth', { at: at + 1 }) }, { words: t('photo.remove', { at: at + 1 }), value: `drop-${at}` }))}</div>`}
${room > 0 ? photoInput({ name: 'photo', many: true, label: t(has ? 'photo.more' : 'photo.choose'), hint: has ? t('photo.room', { room }) : t('photo.hint'), chosenWords: t('photo.chosen'), error }) : markup`<p>${t('photo.full')}</p>`}
${scriptAction({ words: t('photo.withPlace'), icon: 'here', rank: 'second' }, 'locate', { busy: t('locate.busy'), found: t('locate.found'), failed: t('locate.failed') })}
${submit({ words: t('next') }, 'do', has ? 'keep' : 'photo')}${!has && submit({ words: t('photo.skip'), rank: 'quiet' }, 'do', 'skip')}</form>`,
  });
};

const receivePhoto = async (visitor: Visitor, open: Open | null): Promise<PageAnswer> => {
  const { house, t, language, visit } = visitor;
  const does = visit.form.get('do') ?? '';
  const dropped = /^drop-(\d)$/.exec(does)?.[1];
  if (open && dropped !== undefined) {
    const left = { ...open.draft, photos: open.draft.photos.filter((_, at) => at !== Number(dropped)) };
    await house.drafts.save(open.key, left);
    return visitor.go(stepPath(open.key, 'photo'));
  }
  const op = visit.form.get('op') ?? '';
  const begun: Draft = open?.draft ?? emptyDraft(isUuid(op) ? op : visitor.op());
  const { photos, refused } = await takePhotos(visitor, 'photo', open?.draft.photos.length ?? 0);
  if (refused) {
    // What came whole is kept: nobody chooses five photos again for the sake of the sixth.
    const errors: readonly PageError[] = [{ field: 'photo', words: reasonWords(refused, language) }];
    if (photos.length === 0) return photoPage(visitor, open, errors);
    const draft = withPhotos(begun, photos);
    if (open) await house.drafts.save(open.key, draft);
    const key = open?.key ?? await house.drafts.start(draft);
    return { ...photoPage(visitor, { key, draft }, errors), ...(!open && { cookies: [keepDraft(key)] }) };
  }
  const photo = photos[0] ?? null;
  if (photo === null && does !== 'skip' && does !== 'keep') return photoPage(visitor, open, [{ field: 'photo', words: t('errors.photo') }]);
  let draft = withPhotos({ ...begun, photoAsked: true }, photos);
  const device = devicePoint(visit.form);
  // Photos of a try before that was refused in part tell where they were taken too.
  const point = device ?? [...photos, ...(draft.point === null ? draft.photos : [])].find((one) => one.point !== null)?.point ?? null;
  if (point) draft = (await located(visitor, draft, point, device ? 'device' : 'photo', null)) ?? draft;
  if (open) return onward(visitor, open.key, draft);
  const key = await house.drafts.start(draft);
  return visitor.go(stepPath(key, nextStep(draft)), [keepDraft(key)]);
};

const hintOf = (visitor: Visitor, component: ComponentChoice): string =>
  [component.metres === null ? null : visitor.t('which.away', { distance: sayDistance(visitor.language, component.metres) }), visitor.elder ? null : component.place?.names.slice(-2).join(' ')].filter(Boolean).join(' · ');

/** Metres within which the nearest lamp is the answer most likely, so that it stands chosen. */
const surely = 15;

const whichPage = async (visitor: Visitor, open: Open, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { t, language, now } = visitor;
  const { key, draft } = open;
  if (draft.point === null) return visitor.go(stepPath(key, 'where'));
  const suggestion = await suggestFor(visitor, draft);
  const near = nearby(suggestion);
  if (near.length === 0) return visitor.go(stepPath(key, 'what'));
  const head = stepHead(visitor, open, 'which');
  const kinds = new Set(near.map(({ kindName }) => kindName));
  const title = kinds.size === 1 ? t('which.titleOne', { kind: near[0]!.kindName }) : t('which.title');
  const first = near[0]!;
  const chosen = draft.component?.code ?? (draft.otherThing === 'said' ? 'other' : first.metres !== null && first.metres <= surely ? first.code : null);
  const known = suggestion.duplicates[0];
  return visitor.page({
    title, back: head.back, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words}</p><h1 id="question">${title}</h1>
${draft.photos.length > 0 && photoView({ src: `/report/${key}/picture/0`, alt: t('photo.yours'), change: { href: stepPath(key, 'photo'), words: t('photo.change') } })}
<form method="post" action="${stepPath(key, 'which')}"${keeping(visitor)}>${choiceCards({
      name: 'which', labelledBy: 'question', chosen, error: errors[0]?.words ?? null,
      choices: [...near.map((one) => ({ value: one.code, title: one.name, hint: hintOf(visitor, one) })), { value: 'other', title: t('which.other'), hint: t('which.otherHint') }],
    })}
${known && noticeBox('lamp', markup`<p>${t('together.known', { when: sayTime(language, known.reportedAt, now, visitor.offsetMinutes), title: known.title })} <a href="${stepPath(key, 'together')}">${t('together.ask')}</a></p>`)}
${submit({ words: t('next') })}</form>`,
  });
};

const receiveWhich = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { key, draft } = open;
  const answer = visitor.visit.form.get('which');
  if (answer === 'other') return onward(visitor, key, { ...draft, component: null, otherThing: 'said' });
  const suggestion = await suggestFor(visitor, draft);
  const found = suggestion.components.find(({ code }) => code === answer);
  if (!found) return whichPage(visitor, open, [{ field: 'which', words: visitor.t('errors.which') }]);
  const next = await withCategory(visitor, { ...draft, component: { code: found.code, name: found.name, kindName: found.kindName }, otherThing: null, kind: null });
  if (!draft.notSame && suggestion.duplicates.some(({ component }) => component === found.code)) {
    await visitor.house.drafts.save(key, next);
    return visitor.go(stepPath(key, 'together'));
  }
  return onward(visitor, key, next);
};

const togetherPage = async (visitor: Visitor, open: Open, errors: readonly PageError[] = []): Promise<PageAnswer> => {
  const { t, language, now } = visitor;
  const { key, draft } = open;
  const { duplicates } = await suggestFor(visitor, draft);
  const same = draft.component === null ? duplicates : duplicates.filter(({ component }) => component === null || component === draft.component?.code);
  const list = same.length > 0 ? same : duplicates;
  if (list.length === 0) return visitor.go(stepPath(key, nextStep(draft)));
  const head = stepHead(visitor, open, 'together');
  return visitor.page({
    title: t('together.title'), back: head.back, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words}</p>
<form method="post" action="${stepPath(key, 'together')}"${keeping(visitor)}>${choiceCards({
      name: 'same', legend: markup`<h1>${t('together.title')}</h1><p class="lead">${t('together.lead')}</p>`, chosen: null, error: errors[0]?.words ?? null,
      choices: [...list.slice(0, 4).map((one) => ({ value: one.id, title: t('together.yes', { title: one.title }), hint: t('together.reported', { when: sayTime(language, one.reportedAt, now, visitor.offsetMinutes) }) })), { value: 'no', title: t('together.no'), hint: t('together.noHint') }],
    })}${submit({ words: t('next') })}</form>`,
  });
};

const receiveTogether = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { key, draft } = open;
  const answer = visitor.visit.form.get('same');
  if (answer === 'no') return onward(visitor, key, { ...draft, notSame: true });
  const { duplicates } = await suggestFor(visitor, draft);
  if (!duplicates.some(({ id }) => id === answer)) return togetherPage(visitor, open, [{ field: 'same', words: visitor.t('errors.choose') }]);
  const made = await visitor.house.desk.followTogether(visitor.ask, answer!, draft.op);
  return isRefusal(made)
    ? togetherPage(visitor, open, [{ field: 'same', words: reasonWords(made, visitor.language) }])
    : sentAway(visitor, key, draft, made, true);
};

/** Score from which the first row of the code table is taken as meant. */
const surelyKind = 0.6;

/** The longest description, in characters. */
export const longestWords = 500;

/** Rows of the code table for these words alone: what stands nearby is what it is not about. */
const kindsFor = async (visitor: Visitor, text: string): Promise<readonly KindChoice[]> =>
  (await visitor.house.desk.suggest(visitor.ask, { text, point: null, blobs: [], plate: null })).rows;

/** A row as a choice: its name, and why it is proposed, where something speaks for it. */
const kindReason = ({ t }: Visitor, row: KindChoice): { readonly title: string; readonly hint: string | null } => {
  const { title, hint } = kindWords(row.name);
  return { title, hint: row.why === '' ? hint : [hint, t('what.because', { why: row.why })].filter(Boolean).join('；') };
};

/**
 * @param proposed what the words may mean is asked: nothing is clear enough to be taken as meant, and something speaks for it
 */
const whatPage = async (visitor: Visitor, open: Open, words: string, errors: readonly PageError[] = [], proposed = false): Promise<PageAnswer> => {
  const { t } = visitor;
  const { key, draft } = open;
  const all = (await kindsFor(visitor, words)).slice(0, visitor.elder ? 4 : 6);
  const rows = proposed ? all.filter(({ why }) => why !== '') : all;
  const head = stepHead(visitor, open, 'what');
  const wrong = (name: string): string | null => errors.find(({ field }) => field === name)?.words ?? null;
  return visitor.page({
    title: t('what.title'), back: head.back, wrong: errors.length > 0,
    main: markup`${errorSummary(t('errors.title'), errors)}<p class="step">${head.words}</p>
<form method="post" action="${stepPath(key, 'what')}"${keeping(visitor)}>${textField({ name: 'words', label: t('what.title'), asHeading: true, hint: t('what.hint'), value: words, rows: 3, maxLength: longestWords, error: wrong('words') })}
${proposed && markup`<input type="hidden" name="proposed" value="yes">`}
${rows.length > 0 && choiceCards({
      name: 'kind', legend: markup`<strong>${t(proposed ? 'what.proposed' : 'what.kinds')}</strong>`, chosen: draft.kind?.key ?? null, error: wrong('kind'),
      choices: [...rows.map((row) => ({ value: row.key, ...kindReason(visitor, row) })), ...(proposed ? [{ value: 'none', title: t('what.noneOf') }] : [])],
    })}
${submit({ words: t('next') })}</form>`,
  });
};

const receiveWhat = async (visitor: Visitor, open: Open): Promise<PageAnswer> => {
  const { key, draft } = open;
  const { form } = visitor.visit;
  const words = (form.get('words') ?? '').trim();
  const kind = form.get('kind');
  if (words.length > longestWords) return whatPage(visitor, open, words, [{ field: 'words', words: visitor.t('errors.long', { most: longestWords }) }]);
  if (words === '' && !kind) return whatPage(visitor, open, words, [{ field: 'words', words: visitor.t('errors.what') }]);
  const rows = await kindsFor(visitor, words);
  const found = [...rows, ...(await kindsFor(visitor, draft.description))].find(({ key: one }) => one === kind);
  // What the words say clearly need not be chosen; the last page shows it, to be changed.
  const best = found ?? (words !== '' && rows[0] && rows[0].score >= surelyKind ? rows[0] : undefined);
  if (!best && !kind && form.get('proposed') === undefined && rows.slice(0, visitor.elder ? 4 : 6).some(({ why }) => why !== '')) return whatPage(visitor, open, words, [], true);
  const next = await withCategory(visitor, { ...draft, description: words, kind: best ? { key: best.key, name: best.name } : null });
  // What kind it is says how far off the same thing may have been reported.
  if (next.kind && !next.notSame && (await suggestFor(visitor, next)).duplicates.length > 0) {
    await visitor.house.drafts.save(key, next);
    return visitor.go(stepPath(key, 'together'));
  }
  return onward(visitor, key, next);
};

const donePage = (visitor: Visitor, { draft }: Open): PageAnswer => {
  const { t, house } = visitor;
  const sent = draft.sent!;
  const link = `${house.world.config.url}/f/${sent.token}`;
  return visitor.page({
    title: t(sent.together ? 'done.together' : 'done.title'),
    main: markup`<div class="sent"><span class="round">${icon('done')}</span><h1>${t(sent.together ? 'done.together' : 'done.title')}</h1><p>${t('done.number')}</p><p class="number" role="text" aria-label="${spellNumber(sent.number)}">${groupNumber(sent.number)}</p></div>
<p class="lead">${t('done.next')}</p>
${linkAction({ words: t('done.follow') }, `/f/${sent.token}`)}
<h2>${t('done.keep')}</h2><p>${t('done.keepHow')}</p><span class="link-box">${link}</span>
${linkAction({ words: t('done.home'), rank: 'quiet' }, '/')}`,
  });
};

/** What a plate's QR code opens: everything it knows is filled in already, one press sends. */
const platePage = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { t, house, ask, visit } = visitor;
  const plate = visit.params['plate'] ?? '';
  const found = await house.desk.plate(ask, plate);
  if (isRefusal(found)) {
    if (found.status !== 404) return found;
    const plated = await house.desk.plated(ask, plate);
    if (plated) return platedPage(visitor, plate, plated);
    return visitor.page({
      title: t('plate.unknown'), status: 404, back: '/',
      main: markup`<h1>${t('plate.unknown')}</h1><p class="lead">${t('plate.unknownHow', { plate: plate.slice(0, 24) })}</p>${linkAction({ words: t('home.report'), icon: 'camera' }, '/report')}`,
    });
  }
  const { duplicates } = await house.desk.suggest(ask, { text: '', point: found, blobs: [], plate });
  const known = duplicates.find(({ component }) => component === found.code) ?? null;
  return checkPage(visitor, null, await withCategory(visitor, plateDraft(visitor, found, visitor.op())), { plate, known });
};

/** A plate of a place begins a report there; a revoked one says what became of it and does the same. */
const platedPage = (visitor: Visitor, plate: string, { state, place, point }: PlatedPlace): PageAnswer => {
  const { t } = visitor;
  const named = place?.names.slice(-2).join(' ') ?? null;
  const title = state === 'place' ? (named ?? t('plate.place')) : t(`plate.${state}`);
  const onHere = point && markup`<form method="post" action="/report"><input type="hidden" name="plate" value="${plate}"><input type="hidden" name="op" value="${visitor.op()}">${submit({ words: named ? t('plate.reportAt', { place: named }) : t('home.report'), icon: 'camera' })}</form>`;
  return visitor.page({
    title, back: '/', ...(state !== 'place' && { status: 410 }),
    main: markup`<h1>${title}</h1><p class="lead">${t(state === 'place' ? 'plate.placeHow' : state === 'blank' ? 'plate.blankHow' : 'plate.revokedHow')}</p>${onHere ?? linkAction({ words: t('home.report'), icon: 'camera' }, '/report')}`,
  });
};

const plateDraft = (visitor: Visitor, found: ComponentChoice, op: string): Draft => ({
  ...emptyDraft(op), photoAsked: true, source: 'plate', point: { lng: found.lng, lat: found.lat },
  component: { code: found.code, name: found.name, kindName: found.kindName || visitor.t('check.what') },
  placeNames: found.place?.names ?? [], placeCode: found.place?.code ?? null,
});

/** Begins a report: with the photo page's form, or with the form that a plate opened. */
const begin = async (visitor: Visitor): Promise<PageAnswer | Refusal> => {
  const { house, ask, visit, language } = visitor;
  const plate = visit.form.get('plate');
  if (plate === undefined) return receivePhoto(visitor, null);
  const found = await house.desk.plate(ask, plate);
  const op = visit.form.get('op') ?? '';
  if (isRefusal(found)) {
    const plated = found.status === 404 ? await house.desk.plated(ask, plate) : null;
    if (!plated?.point) return found;
    const draft = await located(visitor, emptyDraft(isUuid(op) ? op : visitor.op()), plated.point, 'list', plated.place?.names.slice(-2).join(' ') ?? null);
    if (!draft) return found;
    return onward(visitor, await house.drafts.start(draft), draft);
  }
  const draft = await withCategory(visitor, plateDraft(visitor, found, isUuid(op) ? op : visitor.op()));
  const key = await house.drafts.start(draft);
  const together = visit.form.get('together');
  if (together === undefined || !isUuid(together)) return receiveCheck(visitor, { key, draft });
  const made = await house.desk.followTogether(ask, together, draft.op);
  return isRefusal(made)
    ? checkPage(visitor, key, draft, { errors: [{ field: null, words: reasonWords(made, language) }] })
    : sentAway(visitor, key, draft, made, true);
};

const picture = async (visitor: Visitor, { draft }: Open): Promise<PageAnswer | Refusal> => {
  const photo = draft.photos[Number(visitor.visit.params['at'])];
  if (!photo) return refuse(404, 'cases.no_photo');
  const found = await visitor.house.desk.readPhoto(photo.served);
  return isRefusal(found) ? found : { html: Buffer.from(found.bytes), type: found.type, headers: { 'cache-control': 'private, max-age=3600' } };
};

/** `/report…` and `/q/{plate}`; the questions of the place stand in where.ts, the last page in check.ts. */
export const reportPages = (house: House): readonly Page[] => [
  residentPage(house, { name: 'page_report', method: 'GET', path: '/report', answer: async (visitor) => photoPage(visitor, null) }),
  residentPage(house, { name: 'page_report_begin', method: 'POST', path: '/report', bodyLimit: photosLimit, perMinute: 20, answer: begin }),
  residentPage(house, { name: 'page_plate', method: 'GET', path: '/q/{plate}', answer: platePage }),
  residentPage(house, { name: 'page_report_open', method: 'GET', path: '/report/{draft}', answer: (visitor) => withDraft(visitor, async ({ key, draft }) => visitor.go(stepPath(key, nextStep(draft)))) }),
  residentPage(house, { name: 'page_report_picture', method: 'GET', path: '/report/{draft}/picture/{at}', answer: (visitor) => withDraft(visitor, (open) => picture(visitor, open)) }),
  residentPage(house, { name: 'page_report_photo', method: 'GET', path: '/report/{draft}/photo', answer: (visitor) => withDraft(visitor, async (open) => photoPage(visitor, open)) }),
  residentPage(house, { name: 'page_report_photo_put', method: 'POST', path: '/report/{draft}/photo', bodyLimit: photosLimit, perMinute: 30, answer: (visitor) => withDraft(visitor, (open) => receivePhoto(visitor, open)) }),
  residentPage(house, { name: 'page_report_which', method: 'GET', path: '/report/{draft}/which', answer: (visitor) => withDraft(visitor, (open) => whichPage(visitor, open)) }),
  residentPage(house, { name: 'page_report_which_put', method: 'POST', path: '/report/{draft}/which', answer: (visitor) => withDraft(visitor, (open) => receiveWhich(visitor, open)) }),
  residentPage(house, { name: 'page_report_together', method: 'GET', path: '/report/{draft}/together', answer: (visitor) => withDraft(visitor, (open) => togetherPage(visitor, open)) }),
  residentPage(house, { name: 'page_report_together_put', method: 'POST', path: '/report/{draft}/together', answer: (visitor) => withDraft(visitor, (open) => receiveTogether(visitor, open)) }),
  residentPage(house, { name: 'page_report_what', method: 'GET', path: '/report/{draft}/what', answer: (visitor) => withDraft(visitor, (open) => whatPage(visitor, open, open.draft.description)) }),
  residentPage(house, { name: 'page_report_what_put', method: 'POST', path: '/report/{draft}/what', answer: (visitor) => withDraft(visitor, (open) => receiveWhat(visitor, open)) }),
  residentPage(house, { name: 'page_report_done', method: 'GET', path: '/report/{draft}/done', answer: (visitor) => withDraft(visitor, async (open) => open.draft.sent ? donePage(visitor, open) : visitor.go(stepPath(open.key, nextStep(open.draft))), true) }),
];
