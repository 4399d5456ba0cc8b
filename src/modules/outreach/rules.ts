import { fill, type Catalogue, type Language, type Params } from '../../base/text/language.ts';

export type Channel = 'sms' | 'email';

/** How far a delivery has come. `unknown`: it may have been sent; a person decides. `given_up`: tried often enough. */
export const deliveryStates = ['queued', 'claimed', 'sent', 'logged', 'unknown', 'failed', 'given_up'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A county's own rules for what is not urgent (`settings.outreach` of the county's row). */
export interface OutreachSettings {
  /** Minutes after local midnight; nothing that is not urgent leaves between the two. Equal: no quiet hours. */
  readonly quietFrom: number;
  readonly quietUntil: number;
  /** Messages a local day that are not urgent, to one resident and to one member of staff. */
  readonly dailyCap: number;
  readonly staffDailyCap: number;
}

export const usualSettings: OutreachSettings = { quietFrom: 21 * 60, quietUntil: 8 * 60, dailyCap: 10, staffDailyCap: 200 };

/** Reads settings as a county's row holds them; whatever is missing or makes no sense is as usual. */
export const settingsOf = (value: unknown): OutreachSettings => {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const whole = (name: keyof OutreachSettings, least: number, most: number): number => {
    const found = given[name];
    return typeof found === 'number' && Number.isInteger(found) && found >= least && found <= most ? found : usualSettings[name];
  };
  return {
    quietFrom: whole('quietFrom', 0, 1439), quietUntil: whole('quietUntil', 0, 1439),
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
export const secretParams = ['code', 'link'] as const;

/** The channel that a template must take, whatever the recipient chose: a code proves that a phone is in somebody's hand. */
const forced: Readonly<Record<string, Channel>> = { sms_code: 'sms' };

/** Channels to try, best first, for somebody who can be reached at these addresses; empty where they cannot or chose not to be. */
export const channelsFor = (
  template: string, reach: { readonly phone: string | null; readonly email: string | null; readonly channel: 'sms' | 'email' | 'none' },
): Channel[] => {
  const address = { sms: reach.phone, email: reach.email };
  const must = forced[template];
  if (must) return address[must] === null ? [] : [must];
  if (reach.channel === 'none') return [];
  const order: Channel[] = reach.channel === 'sms' ? ['sms', 'email'] : ['email', 'sms'];
  return order.filter((channel) => address[channel] !== null);
};

/** What a message says. A parameter that is no longer kept, or is not for the reader, is shown as dots. */
export const messageText = (catalogue: Catalogue, template: string, params: Params, language: Language, secrets: 'shown' | 'hidden'): string => {
  const text = catalogue[template]?.[language];
  if (text === undefined) return `[${template}]`;
  const masked: Record<string, string | number> = { ...params };
  for (const name of secretParams) if (secrets === 'hidden' || !(name in params)) masked[name] = '······';
  return fill(text, masked);
};
