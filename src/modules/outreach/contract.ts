import { Type, type Static, type TSchema } from 'typebox';
import type { Params } from '../../base/text/language.ts';
import { route } from '../../base/route.ts';
import { staff } from '../identity/contract.ts';

/** A message to be sent, written in the transaction of the action that causes it. */
export interface DeliveryDraft {
  readonly id: string;
  /** Key in `data/texts/messages.json`. */
  readonly template: string;
  /** `account:{uuid}` or `contact:{uuid}`: the address itself is looked up when it is sent. */
  readonly recipient: string;
  /**
   * Fills the template. Codes, names of places and times: never a person's name, phone or words. `code` and `link` are
   * secrets: shown to the recipient only and forgotten once the message has left.
   */
  readonly params: Params;
  /** Urgent messages are sent at night too and are not counted against the daily cap. */
  readonly urgent: boolean;
}

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const time = Type.String();
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const readers = ['operator', 'intake', 'dispatcher', 'commander', 'supervisor', 'auditor'] as const;
const senders = ['operator', 'dispatcher'] as const;

export const DeliveryView = Type.Object({
  id: Type.String(), matter: nullable(Type.String()), version: nullable(Type.Integer()), template: Type.String(),
  /** A name of staff, or a masked phone or e-mail address. */
  recipient: Type.String(), channel: nullable(Type.String()), adapter: nullable(Type.String()),
  /** What it says; secrets are dots, except in a demo. */
  text: Type.String(), urgent: Type.Boolean(), state: Type.String(), stateLabel: Type.String(), attempts: Type.Integer(),
  /** What peers reported: it reached the phone (all parts of it), it did not, or nothing yet; null where none is expected. */
  receipt: nullable(Type.Union([Type.Literal('delivered'), Type.Literal('failed'), Type.Literal('waiting')])), receiptLabel: nullable(Type.String()),
  nextAt: nullable(time), error: nullable(Type.String()), errorWords: nullable(Type.String()), createdAt: time, sentAt: nullable(time),
  /** What a person may do with it now. */
  actions: Type.Array(Type.Union([Type.Literal('resend'), Type.Literal('mark'), Type.Literal('call'), Type.Literal('letter'), Type.Literal('returned')])),
});
export type DeliveryView = Static<typeof DeliveryView>;

const Box = Type.Union([Type.Literal('stuck'), Type.Literal('waiting'), Type.Literal('gone'), Type.Literal('calls'), Type.Literal('letters'), Type.Literal('posted')]);

/** `box`: `stuck` needs a person (`calls` and `letters` among them), `waiting` is queued or under way, `gone` has left, `posted` are letters that the post has. */
export const listDeliveries = route({
  name: 'outreach.deliveries', method: 'GET', path: '/api/deliveries', who: readers,
  summary: 'Messages of the county, newest first: the logbook and what could not be sent.',
  query: Type.Object({
    county, box: Type.Optional(Box), matter: Type.Optional(uuid),
    template: Type.Optional(Type.String({ maxLength: 40 })), after: Type.Optional(uuid), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }, closed),
  response: Type.Object({ items: Type.Array(DeliveryView), next: nullable(Type.String()) }),
});

export const exportDeliveries = route({
  name: 'outreach.export', method: 'GET', path: '/api/deliveries/export', who: readers, perMinute: 20,
  summary: 'The whole list of messages as a table, CSV or XLSX, in the caller\'s language and the county\'s time. Who exported what is traced.',
  query: Type.Object({
    county, box: Type.Optional(Box), matter: Type.Optional(uuid),
    template: Type.Optional(Type.String({ maxLength: 40 })), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]),
  }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const resendDelivery = route({
  name: 'outreach.resend', method: 'POST', path: '/api/deliveries/:id/resend', who: senders,
  summary: 'Sends again what was given up, was refused, or may not have been sent.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county }, closed), response: DeliveryView,
});

export const markDelivery = route({
  name: 'outreach.mark', method: 'POST', path: '/api/deliveries/:id/mark', who: senders,
  summary: 'Settles what a person found out about a message: it was sent, or it is given up.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county, as: Type.Union([Type.Literal('sent'), Type.Literal('given_up')]) }, closed), response: DeliveryView,
});

const minuteOfDay = Type.Integer({ minimum: 0, maximum: 1439 });
const quietHours = Type.Object({ from: minuteOfDay, until: minuteOfDay }, closed);

/** How the caller, a member of staff, is told, in all counties that they work in. */
export const NoticesView = Type.Object({
  /** The key that a browser asks a push service with, base64url; null where this installation tells no browser. */
  key: nullable(Type.String()),
  /** Whether the browser that asks tells the caller: in all their counties, in some, in none. */
  here: Type.Union([Type.Literal('all'), Type.Literal('some'), Type.Literal('none')]),
  /** Quiet hours of their own, minutes after local midnight; null for the county's. */
  quiet: nullable(quietHours),
  countyQuiet: quietHours,
  /** Kinds of urgent messages that come all the same within quiet hours of one's own. */
  breaks: Type.Array(Type.String()),
});
export type NoticesView = Static<typeof NoticesView>;

export const readNotices = route({
  name: 'outreach.notices', method: 'GET', path: '/api/notices', who: staff,
  summary: 'How the caller, a member of staff, is told of what is given to them, and whether the browser is that asks. `here`: SHA-256 of the address that a push service gave the browser, base64url.',
  query: Type.Object({ here: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })) }, closed), response: NoticesView,
});

export const askNotices = route({
  name: 'outreach.ask_notices', method: 'POST', path: '/api/notices', who: staff, perMinute: 30,
  summary: 'The caller\'s messages go to this browser from now on, before the way that their account has, in every county that they work in. `key`: the public key that the browser was asked with, where it is not the one that `GET` names.',
  body: Type.Object({ endpoint: Type.String({ maxLength: 1_000 }), p256dh: Type.String({ maxLength: 100 }), auth: Type.String({ maxLength: 40 }), key: Type.Optional(Type.String({ maxLength: 100 })) }, closed), response: NoticesView,
});

export const stopNotices = route({
  name: 'outreach.stop_notices', method: 'POST', path: '/api/notices/stop', who: staff, perMinute: 30,
  summary: 'This browser, or with none named every browser of the caller, tells them nothing any more. `told`: somebody else is still told at the one that was named.',
  body: Type.Object({ endpoint: Type.Optional(Type.String({ maxLength: 1_000 })) }, closed), response: Type.Object({ ...NoticesView.properties, told: Type.Boolean() }),
});

export const setQuiet = route({
  name: 'outreach.quiet', method: 'PUT', path: '/api/notices/quiet', who: staff, perMinute: 30,
  summary: 'The caller\'s own quiet hours, at most twelve hours; null for the county\'s. What the county counts as urgent comes all the same.',
  body: Type.Object({ quiet: nullable(quietHours) }, closed), response: NoticesView,
});

/** What somebody reads out who calls. */
export const CallScript = Type.Object({
  phone: Type.String(), language: Type.String(), opening: Type.String(), text: Type.String(), closing: Type.String(),
  /** Whoever is called wants plain words, said slowly. */
  plain: Type.Boolean(),
});
export type CallScript = Static<typeof CallScript>;

export const callScript = route({
  name: 'outreach.script', method: 'POST', path: '/api/deliveries/:id/script', who: senders, perMinute: 60,
  summary: 'Number and script of a call, in the language of whoever is called: how to begin, what to say, how to end. Who looked is traced.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county }, closed), response: CallScript,
});

export const calledDelivery = route({
  name: 'outreach.called', method: 'POST', path: '/api/deliveries/:id/called', who: senders,
  summary: 'What came of a call. Nobody answered: it stays on the list, and is given up after the fifth time. Declined: whoever was called did not want to hear it.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county, result: Type.Union([Type.Literal('reached'), Type.Literal('no_answer'), Type.Literal('wrong_number'), Type.Literal('declined')]) }, closed), response: DeliveryView,
});

export const postLetters = route({
  name: 'outreach.posted', method: 'POST', path: '/api/deliveries/letters/posted', who: senders,
  summary: 'Letters were handed to the post, as one batch. Answers how many; what is no letter any more is passed over.',
  body: Type.Object({ county, ids: Type.Array(uuid, { minItems: 1, maxItems: 100 }) }, closed), response: Type.Object({ posted: Type.Integer() }),
});

export const returnedLetter = route({
  name: 'outreach.returned', method: 'POST', path: '/api/deliveries/:id/returned', who: senders,
  summary: 'A letter came back: it is among what needs a person again.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county }, closed), response: DeliveryView,
});

const minutes = nullable(Type.Integer({ minimum: 0, maximum: 1_439 }));
const way = Type.Union([Type.Literal('sms'), Type.Literal('email'), Type.Literal('push'), Type.Literal('wechat'), Type.Literal('voice'), Type.Literal('letter'), Type.Literal('none')]);
const language = Type.Union([Type.Literal('zh-Hans'), Type.Literal('zh-Hant'), Type.Literal('en')]);
/** How somebody told the desk what they want. */
const asked = Type.Union([Type.Literal('call'), Type.Literal('window'), Type.Literal('letter')]);
const callTakers = ['intake', 'operator', 'dispatcher'] as const;

/** How a resident is told, as the desk may see it. Quiet hours are minutes after local midnight, null for the county's. */
export const ToldView = Type.Object({
  channel: way, language, plain: Type.Boolean(), stopped: Type.Boolean(), quietFrom: minutes, quietUntil: minutes,
  maskedPhone: nullable(Type.String()), maskedEmail: nullable(Type.String()), hasPostal: Type.Boolean(), waitsForMail: Type.Boolean(), browsers: Type.Integer(), followsWechat: Type.Boolean(),
  countyQuiet: Type.Object({ from: Type.Integer(), until: Type.Integer() }),
  /** Ways that this installation has, beside calls and letters. */
  offers: Type.Array(Type.String()),
  /** When they last chose, and how they said so. */
  chosenAt: nullable(time), chosenBy: nullable(Type.Union([Type.Literal('self'), asked])),
  /** Stands for all of this; a change names it, so that nothing is lost that was chosen meanwhile. */
  seen: Type.String(),
});
export type ToldView = Static<typeof ToldView>;

export const readTold = route({
  name: 'outreach.told', method: 'GET', path: '/api/contacts/:id/told', who: callTakers, perMinute: 60,
  summary: 'By which way, in which language and words, and when a caller is told.',
  params: Type.Object({ id: uuid }), query: Type.Object({ county }, closed), response: ToldView,
});

export const chooseTold = route({
  name: 'outreach.choose_told', method: 'POST', path: '/api/contacts/:id/told', who: callTakers, perMinute: 30,
  summary: 'Keeps how a caller asked to be told; an entry of the ledger says who kept it and how they asked. What they choose themselves later stands in its place. A new mail address counts once its owner has pressed the link that is sent there.',
  params: Type.Object({ id: uuid }),
  body: Type.Object({
    county, asked, seen: Type.String({ maxLength: 40 }), channel: Type.Optional(way), language: Type.Optional(language), plain: Type.Optional(Type.Boolean()), stopped: Type.Optional(Type.Boolean()),
    quiet: Type.Optional(Type.Object({ from: minutes, until: minutes }, closed)), email: Type.Optional(nullable(Type.String({ maxLength: 200 }))), postal: Type.Optional(nullable(Type.String({ pattern: '\\S', maxLength: 200 }))),
  }, closed),
  response: Type.Object({ told: ToldView, mailed: Type.Boolean() }),
});

/** A text of a phone that needs a person. */
export const InboundView = Type.Object({
  id: Type.String(),
  /** Masked; null once its owner had it erased. */
  from: nullable(Type.String()), text: nullable(Type.String()), matter: nullable(Type.String()),
  /** Why nothing came of it by itself. */
  reason: nullable(Type.String()), receivedAt: time,
});
export type InboundView = Static<typeof InboundView>;

export const listInbound = route({
  name: 'outreach.inbound', method: 'GET', path: '/api/inbound', who: readers,
  summary: 'Texts of phones that nothing came of by itself: no case is open, or the answer came too late. Newest first.',
  query: Type.Object({ county, after: Type.Optional(uuid), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(InboundView), next: nullable(Type.String()) }),
});

export const exportInbound = route({
  name: 'outreach.export_inbound', method: 'GET', path: '/api/inbound/export', who: readers, perMinute: 20,
  summary: 'Texts of phones that nothing came of by itself, all of them as a table, CSV or XLSX; phones are masked. Who exported it is traced.',
  query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), response: Type.Unknown(), produces: 'application/octet-stream',
});

export const doneInbound = route({
  name: 'outreach.inbound_done', method: 'POST', path: '/api/inbound/:id/done', who: senders,
  summary: 'Somebody has seen to a text of a phone.',
  params: Type.Object({ id: uuid }), body: Type.Object({ county }, closed), response: Type.Object({ done: Type.Literal(true) }),
});

/** How a way out stands in the process that answers. */
export const listLinks = route({
  name: 'outreach.links', method: 'GET', path: '/api/deliveries/links', who: readers,
  summary: 'Ways out that are connected, each with what is wrong with it; none in a demo.',
  query: Type.Object({ county }, closed),
  response: Type.Object({ items: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), connected: Type.Boolean(), error: nullable(Type.String()), open: Type.Integer() })) }),
});

const Signed = Type.Object({
  signature: Type.Optional(Type.String({ maxLength: 100 })), msg_signature: Type.Optional(Type.String({ maxLength: 100 })), timestamp: Type.Optional(Type.String({ maxLength: 20 })), nonce: Type.Optional(Type.String({ maxLength: 64 })), echostr: Type.Optional(Type.String({ maxLength: 500 })),
});

/** WeChat asks whether we are there; it and its messages bear a mark of the account's token. */
export const wechatAsks = route({
  name: 'outreach.wechat_echo', method: 'GET', path: '/api/wechat/:county', who: 'anyone', perMinute: 600, summary: 'WeChat asks whether this is the server of the official account.',
  params: Type.Object({ county: Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }) }), query: Signed, response: Type.Unknown(), produces: 'text/plain',
});
export const wechatSays = route({
  name: 'outreach.wechat', method: 'POST', path: '/api/wechat/:county', who: 'anyone', perMinute: 6_000, consumes: 'bytes', bodyLimit: 65_536, summary: 'What followers of the official account do and say, in XML, encrypted where the account has a key.',
  params: Type.Object({ county: Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }) }), query: Signed, response: Type.Unknown(), produces: 'application/xml',
});

/** What an SMS aggregator posts: its reports and the replies of phones. `secret` is the one of its settings. */
export const aggregatorPosts = route({
  name: 'outreach.aggregator', method: 'POST', path: '/api/sms/:secret', who: 'anyone', perMinute: 6_000,
  summary: 'Reports and replies from the SMS aggregator of the installation, in its own form, JSON.',
  params: Type.Object({ secret: Type.String({ minLength: 24, maxLength: 200 }) }), body: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Array(Type.Unknown(), { maxItems: 1_000 })]), response: Type.Unknown(),
});
export const aggregatorForms = route({
  name: 'outreach.aggregator_form', method: 'POST', path: '/api/sms/:secret/form', who: 'anyone', perMinute: 6_000, consumes: 'form',
  summary: 'The same, as a form.',
  params: Type.Object({ secret: Type.String({ minLength: 24, maxLength: 200 }) }), body: Type.Record(Type.String(), Type.Unknown()), response: Type.Unknown(),
});
