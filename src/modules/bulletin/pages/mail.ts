import { linkAction, submit } from '../../../html/components/action.ts';
import { choiceCards } from '../../../html/components/choice.ts';
import { errorSummary } from '../../../html/components/errors.ts';
import { textField } from '../../../html/components/field.ts';
import { markup } from '../../../html/markup.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import type { Page, PageAnswer } from '../../../platform/http/page.ts';
import { type House, reasonWords, residentPage, type Visitor } from '../../cases/index.ts';
import type { Bulletin } from '../service/bulletin.ts';
import type { Mail } from '../service/mail.ts';
import { readAsk, withAsk } from './ask.ts';
import { wordsFor } from './words.ts';

type Answer = PageAnswer | Refusal;

/** What is asked for: kind, village and road, whatever else the list was narrowed to. */
const wantedOf = (from: Readonly<Record<string, string>>): Pick<ReturnType<typeof readAsk>, 'category' | 'village' | 'street'> => {
  const { category, village, street } = readAsk(from);
  return { ...(category && { category }), ...(village && { village }), ...(street && { street }) };
};

const askPage = async (mail: Mail, county: string, visitor: Visitor, of: ReturnType<typeof wantedOf>, given: { readonly email: string; readonly every: string } = { email: '', every: 'daily' }, wrong?: Refusal): Promise<PageAnswer> => {
  const t = wordsFor(visitor);
  const error = wrong && reasonWords(wrong, visitor.language);
  return visitor.page({
    title: t('mail.title'), back: withAsk('/reports', of), wrong: error !== undefined,
    main: markup`${error !== undefined && errorSummary(visitor.t('errors.title'), [{ field: 'email', words: error }])}<h1>${t('mail.title')}</h1><p class="lead">${t('mail.lead', { what: await mail.wordsOf(county, of, visitor.language) })}</p>
<form method="post" action="${withAsk('/reports/mail', of)}">
${textField({ name: 'email', label: t('mail.email'), hint: t('mail.emailHint'), value: given.email, autocomplete: 'email', maxLength: 254, error: error ?? null })}
${choiceCards({ name: 'every', legend: t('mail.every'), chosen: given.every, choices: [{ value: 'daily', title: t('mail.daily') }, { value: 'once', title: t('mail.once') }] })}
${submit({ words: t('mail.ask') })}</form><p class="quiet-words">${t('mail.change')}</p>`,
  });
};

const receiveAsk = async (mail: Mail, county: string, visitor: Visitor): Promise<Answer> => {
  const t = wordsFor(visitor);
  const of = wantedOf(visitor.visit.query);
  const given = { email: (visitor.visit.form.get('email') ?? '').slice(0, 300), every: visitor.visit.form.get('every') === 'once' ? 'once' : 'daily' } as const;
  const asked = await mail.ask(county, given.email, of, given.every, visitor.language);
  if (isRefusal(asked)) return asked.status === 422 ? askPage(mail, county, visitor, of, given, asked) : asked;
  return visitor.page({
    title: t('mail.sent'), back: withAsk('/reports', of),
    main: markup`<h1>${t('mail.sent')}</h1><p class="lead">${t('mail.sentLead')}</p>${linkAction({ words: t('mail.back'), icon: 'list', rank: 'second' }, withAsk('/reports', of))}`,
  });
};

const endedPage = (visitor: Visitor): PageAnswer => {
  const t = wordsFor(visitor);
  return visitor.page({ title: t('mail.ended'), main: markup`<h1>${t('mail.ended')}</h1><p class="lead">${t('mail.endedLead')}</p>${linkAction({ words: t('mail.back'), icon: 'list', rank: 'second' }, '/reports')}` });
};

/** What the link of a mail opens. Programs that look into mails open links too, so nothing begins or ends before a press. */
const onePage = async (mail: Mail, county: string, visitor: Visitor): Promise<PageAnswer> => {
  const t = wordsFor(visitor);
  const token = visitor.visit.params['token'] ?? '';
  const found = await mail.find(county, token);
  if (!found) return endedPage(visitor);
  const title = t(found.confirmed ? 'mail.running' : 'mail.confirmTitle');
  return visitor.page({
    title, back: '/reports',
    main: markup`<h1>${title}</h1><p class="lead">${await mail.wordsOf(county, found, visitor.language)} · ${t(`mail.${found.every}`)}</p>
<form method="post" action="/reports/mail/${token}">${!found.confirmed && submit({ words: t('mail.confirm'), icon: 'done' }, 'do', 'confirm')}${submit({ words: t('mail.end'), rank: 'second' }, 'do', 'end')}</form>`,
  });
};

const receiveOne = async (mail: Mail, county: string, visitor: Visitor): Promise<PageAnswer> => {
  const token = visitor.visit.params['token'] ?? '';
  if (visitor.visit.form.get('do') === 'confirm') {
    await mail.confirm(county, token);
    return visitor.go(`/reports/mail/${token}`);
  }
  // Any other POST ends it: that of our button, and that of a mail program's (RFC 8058), which has no form of ours.
  await mail.end(county, token);
  return endedPage(visitor);
};

/** `/reports/mail` and the links of its mails; not found where no mail can leave. */
export const mailPages = (house: House, { mail }: Bulletin, county: string): readonly Page[] => {
  const page = (name: string, method: 'GET' | 'POST', path: `/${string}`, perMinute: number, answer: (mail: Mail, visitor: Visitor) => Promise<Answer>): Page =>
    residentPage(house, { module: 'bulletin', name, method, path, perMinute, answer: async (visitor) => (mail ? answer(mail, visitor) : refuse(404, 'http.not_found')) });
  return [
    page('page_mail', 'GET', '/reports/mail', 60, (open, visitor) => askPage(open, county, visitor, wantedOf(visitor.visit.query))),
    page('page_mail_ask', 'POST', '/reports/mail', 6, (open, visitor) => receiveAsk(open, county, visitor)),
    page('page_mail_one', 'GET', '/reports/mail/{token}', 60, (open, visitor) => onePage(open, county, visitor)),
    page('page_mail_answer', 'POST', '/reports/mail/{token}', 60, (open, visitor) => receiveOne(open, county, visitor)),
  ];
};
