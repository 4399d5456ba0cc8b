import { fill, type Catalogue, type Language, type Params } from '../../../base/text/language.ts';
import { isMobile, maskEmail, maskPhone } from '../../../base/text/phone.ts';

/** By what somebody is reached. `voice` and `letter` are brought to an end by people. */
export const channels = ['sms', 'email', 'push', 'wechat', 'voice', 'letter'] as const;
export type Channel = (typeof channels)[number];

/**
 * How far a delivery has come. `unknown`: it may have been sent; a person decides. `given_up`: tried often enough. `skipped`:
 * its recipient did not want it. `to_call`, `to_print`: a person brings it to an end.
 */
export const deliveryStates = ['queued', 'claimed', 'sent', 'logged', 'unknown', 'failed', 'given_up', 'skipped', 'to_call', 'to_print'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A county's own rules for what is not urgent (`settings.outreach` of the county's row). */
export interface OutreachSettings {
  /** Minutes after local midnight; nothing that is not urgent leaves between the two. Equal: no quiet hours. */
  readonly quietFrom: number;
  readonly quietUntil: number;
  /** Messages a local day that are not urgent, to one resident and to one member of staff. */
  readonly dailyCap: number;
  readonly staffDailyCap: number;
  /** Which urgent messages reach a member of staff within the quiet hours that they chose for themselves. */
  readonly staffBreaks: Readonly<Record<StaffUrgency, boolean>>;
}

/** Kinds of urgent messages to staff that a county may let wait for the end of somebody's own quiet hours. */
export const staffUrgencies = ['handler_task', 'urged', 'escalated', 'rework', 'decided'] as const;
export type StaffUrgency = (typeof staffUrgencies)[number];

/** The kind of an urgent message to staff; undefined for codes, invitations and whatever else never waits. */
const urgencyOf = (template: string): StaffUrgency | undefined =>
  (['extended', 'resumed', 'request_refused', 'appeal_decided'].includes(template) ? 'decided' : staffUrgencies.find((one) => one === template));

export const usualSettings: OutreachSettings = {
  quietFrom: 21 * 60, quietUntil: 8 * 60, dailyCap: 10, staffDailyCap: 200,
  staffBreaks: { handler_task: true, urged: true, escalated: true, rework: false, decided: false },
};

/** Reads settings as a county's row holds them; whatever is missing or makes no sense is as usual. */
export const settingsOf = (value: unknown): OutreachSettings => {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const whole = (name: Exclude<keyof OutreachSettings, 'staffBreaks'>, least: number, most: number): number => {
    const found = given[name];
    return typeof found === 'number' && Number.isInteger(found) && found >= least && found <= most ? found : usualSettings[name];
  };
  const breaks = { ...usualSettings.staffBreaks };
  const chosen = given['staffBreaks'];
  if (typeof chosen === 'object' && chosen !== null) for (const one of staffUrgencies) {
    const value = (chosen as Readonly<Record<string, unknown>>)[one];
    if (typeof value === 'boolean') breaks[one] = value;
  }
  return {
    staffBreaks: breaks, quietFrom: whole('quietFrom', 0, 1439), quietUntil: whole('quietUntil', 0, 1439),
    dailyCap: whole('dailyCap', 1, 1000), staffDailyCap: whole('staffDailyCap', 1, 10_000),
  };
};

const minute = 60_000;
const day = 24 * 60 * minute;

/** When the local day began that `now` is in. `offset`: minutes that local time is ahead of UTC. */
export const dayStart = (now: number, offset: number): number => Math.floor((now + offset * minute) / day) * day - offset * minute;

/** When a message that is not urgent may leave: now, or the end of the quiet hours. Milliseconds since 1970. */
export const afterQuiet = ({ quietFrom, quietUntil }: OutreachSettings, now: number, offset: number): number => {
  const midnight = dayStart(now, offset);
  const minutes = (now - midnight) / minute;
  if (quietFrom === quietUntil) return now;
  if (quietFrom < quietUntil) return minutes >= quietFrom && minutes < quietUntil ? midnight + quietUntil * minute : now;
  if (minutes >= quietFrom) return midnight + day + quietUntil * minute;
  return minutes < quietUntil ? midnight + quietUntil * minute : now;
};

/** When a message may leave that today's cap holds back: after the next day's quiet hours. */
export const nextDay = (settings: OutreachSettings, now: number, offset: number): number => afterQuiet(settings, dayStart(now, offset) + day, offset);

/** Tries before a delivery is given up: with the pauses below about four hours. */
export const triesAtMost = 12;

/**
 * Pause before the next try: 5 s, doubled each time up to an hour, and up to half of it more or less, so that what failed
 * together is not tried together.
 * @param tries how often it was tried, from 1
 * @param fraction a random number in [0, 1)
 */
export const pauseAfter = (tries: number, fraction: number): number =>
  Math.round(Math.min(60 * minute, 5_000 * 2 ** (tries - 1)) * (0.5 + fraction));

/** Parameters that open something: a code, a link with a token. They go to the recipient and are shown to nobody else. */
export const secretParams = ['code', 'link', 'unsubscribe'] as const;

/** The channel that a template must take, whatever the recipient chose: what it holds proves that a phone or a mail box is in somebody's hand. */
const forced: Readonly<Record<string, Channel>> = { sms_code: 'sms', email_confirm: 'email', bulletin_confirm: 'email', bulletin_news: 'email' };

/** What the state of a delivery is while people bring it to an end. */
export const deskStates: Readonly<Partial<Record<Channel, 'to_call' | 'to_print'>>> = { voice: 'to_call', letter: 'to_print' };

/** Where and how somebody wants to be reached. */
export interface Reachable {
  readonly phone: string | null;
  readonly email: string | null;
  /** Postal address, as it stands on an envelope. */
  readonly postal?: string | null;
  /** Of the follower of a WeChat account. */
  readonly openid?: string | null;
  /** Browsers that asked to be told, each as JSON. */
  readonly push?: readonly string[];
  readonly channel: Channel | 'none';
  /** Opted out of what is not urgent by SMS. */
  readonly stopped?: boolean;
}

/** The address of somebody in a channel; null where there is none, as for a text message to a fixed line. */
export const addressOf = (reach: Reachable, channel: Channel): string | null => {
  switch (channel) {
    case 'sms': return reach.phone !== null && isMobile(reach.phone) ? reach.phone : null;
    case 'voice': return reach.phone;
    case 'email': return reach.email;
    case 'letter': return reach.postal ?? null;
    case 'wechat': return reach.openid ?? null;
    case 'push': return reach.push && reach.push.length > 0 ? `[${reach.push.join(',')}]` : null;
  }
};

/** An address as the logbook keeps it. */
export const maskedAddress = (channel: Channel, address: string): string => {
  switch (channel) {
    case 'sms': case 'voice': return maskPhone(address);
    case 'email': return maskEmail(address);
    case 'letter': return `${[...address].slice(0, 6).join('')}…`;
    case 'wechat': case 'push': return '***';
  }
};

/** What is tried behind the chosen channel, in this order; people call and write only where no program reaches somebody. */
const behind: readonly Channel[] = ['sms', 'push', 'wechat', 'email', 'voice', 'letter'];
const byPeople: ReadonlySet<Channel> = new Set(['voice', 'letter']);

/**
 * Channels to try, best first, for somebody who can be reached at these addresses. `none` says why nobody is to be told:
 * they chose so. What is urgent is told all the same.
 */
export const channelsFor = (template: string, urgent: boolean, reach: Reachable): { readonly channels: Channel[]; readonly none?: 'chose_none' | 'opted_out' } => {
  const must = forced[template];
  if (must) return { channels: addressOf(reach, must) === null ? [] : [must] };
  if (reach.channel === 'none' && !urgent) return { channels: [], none: 'chose_none' };
  const order = reach.channel === 'none' ? behind : [reach.channel, ...behind.filter((one) => one !== reach.channel)];
  const reached = order.filter((channel) => addressOf(reach, channel) !== null);
  const there = reached.filter((channel) => !byPeople.has(channel) || channel === reach.channel || reached.every((one) => byPeople.has(one)));
  const wanted = reach.stopped && !urgent ? there.filter((channel) => channel !== 'sms') : there;
  return wanted.length === 0 && there.length > 0 ? { channels: [], none: 'opted_out' } : { channels: wanted };
};

/** Quiet hours of one person, where they chose their own; minutes after local midnight. */
export interface PersonalQuiet {
  readonly quietFrom: number | null;
  readonly quietUntil: number | null;
}

/** The county's quiet hours, with a person's own in their place. */
export const quietOf = (settings: OutreachSettings, own: PersonalQuiet | undefined): OutreachSettings =>
  (own && own.quietFrom !== null && own.quietUntil !== null ? { ...settings, quietFrom: own.quietFrom, quietUntil: own.quietUntil } : settings);

/** Messages that ask their reader something: one figure answers. */
export const asking: ReadonlySet<string> = new Set(['verified_closed']);

/**
 * The wording that somebody gets: plainer where they want it so and there is one; by SMS with what to answer, where answers
 * are heard. Keys of `data/texts/messages.json`.
 */
export const templateFor = (catalogue: Catalogue, template: string, how: { readonly channel: Channel; readonly plain: boolean; readonly heard: boolean }): string => {
  const asks = how.channel === 'sms' && how.heard && asking.has(template) ? '.answer' : '';
  return [`${template}${how.plain ? '.plain' : ''}${asks}`, `${template}${asks}`, `${template}${how.plain ? '.plain' : ''}`].find((key) => key in catalogue) ?? template;
};

/** What stands for a secret. */
const dots = '······';

/** What a message says. A parameter that is no longer kept, or is not for the reader, is shown as dots. */
export const messageText = (catalogue: Catalogue, template: string, params: Params, language: Language, secrets: 'shown' | 'hidden'): string => {
  const text = catalogue[template]?.[language];
  if (text === undefined) return `[${template}]`;
  const masked: Record<string, string | number> = { ...params };
  for (const name of secretParams) if (secrets === 'hidden' || !(name in params)) masked[name] = dots;
  return fill(text, masked);
};

/** A message without the sign of its sender, for where the sender stands or is said elsewhere. */
export const unsigned = (text: string): string => text.replace(/^\s*(?:【[^】]*】|\[[^\]]*\])\s*/u, '');

/**
 * A message as somebody says it on the phone: without its sign, and without the clauses that end in what nobody can say, a link
 * or a code. @param text with its secrets as dots
 */
export const spokenText = (text: string): string => {
  const clauses = unsigned(text).match(/[^。！？；，.!?;,]+(?:[。！？；，]|[.!?;,](?=\s|$))?\s*|[.!?;,]/gu) ?? [];
  const said = clauses.filter((clause) => !clause.includes(dots)).join('').trim();
  return said.replace(/[，；,;]$/u, (sign) => (/[，；]/u.test(sign) ? '。' : '.'));
};

/** Whether an urgent message to staff waits for the end of the quiet hours that its recipient chose. */
export const waitsForStaff = ({ staffBreaks }: OutreachSettings, template: string, own: PersonalQuiet | undefined): boolean => {
  const kind = urgencyOf(template);
  return kind !== undefined && !staffBreaks[kind] && own !== undefined && own.quietFrom !== null && own.quietUntil !== null;
};

/** The longest that the quiet hours of a member of staff may be, in minutes. */
export const staffQuietAtMost = 12 * 60;

/** How long quiet hours are that begin and end at minutes of the day. */
export const quietLength = (from: number, until: number): number => (until - from + 1440) % 1440;
