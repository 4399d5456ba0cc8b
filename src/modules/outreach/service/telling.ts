import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import type { Chooser, Identity, PreferenceChange, Preferences } from '../../identity/index.ts';
import { settingsOf, type Channel } from '../rules/sending.ts';
import { insertLoose, readCounties } from '../store/work.ts';
import type { Addresses } from './addresses.ts';

/** How long the link of a new mail address holds, in milliseconds. */
const confirmMs = 3 * 86_400_000;

/** How somebody is told, with what there is to choose from. */
export interface Told extends Preferences {
  /** A mail address that waits to be confirmed. */
  readonly waitsForMail: boolean;
  /** Browsers that are told. */
  readonly browsers: number;
  readonly followsWechat: boolean;
  /** The county's quiet hours, minutes after local midnight. */
  readonly countyQuiet: { readonly from: number; readonly until: number };
  /** Ways that this installation has. */
  readonly offers: readonly Channel[];
}

export interface Telling {
  /** Refusal: 404 `identity.contact`. */
  read(county: string, contact: string): Promise<Result<Told>>;
  /**
   * Keeps a choice. A new mail address is written to first and counts once its owner has pressed the link; so does e-mail as the
   * chosen way. Refusals: those of `identity.contacts.prefer`, 422 `outreach.no_browser`, 422 `outreach.no_wechat`, 422 `outreach.email`.
   */
  choose(county: string, contact: string, change: PreferenceChange, chooser: Chooser): Promise<Result<Told & { readonly mailed: boolean }>>;
  /** The same for somebody of the desk who has the person on the phone. Refusals: 403 `identity.not_permitted` beside those of `read`. */
  readFor(actor: Actor, county: string, contact: string): Promise<Result<Told>>;
  /**
   * Keeps what the person asked the desk for, as `choose` does. What they chose themselves since the desk looked stands: 409
   * `identity.preferences_moved`. Whatever they choose later stands in its place.
   */
  chooseFor(actor: Actor, county: string, contact: string, change: PreferenceChange, how: Required<Pick<Chooser, 'asked' | 'seen'>>): Promise<Result<Told & { readonly mailed: boolean }>>;
  /** Whose mail box a link came to; undefined for a link that is none or too old. It changes nothing: programs that look at mail open links. */
  mailOf(token: string): { readonly county: string; readonly contact: string; readonly email: string } | undefined;
  /** The mail address of a link is its owner's from now on, and their way to be told. Refusal: 422 `outreach.mail_link`. */
  confirmMail(token: string): Promise<Result<Told>>;
}

interface MailLink {
  readonly county: string;
  readonly contact: string;
  readonly email: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export const createTelling = (world: World, identity: Pick<Identity, 'contacts' | 'permits'>, addresses: Addresses, offers: ReadonlySet<Channel>): Telling => {
  const { db, keys, now } = world;
  const read: Telling['read'] = async (county, contact) => {
    const kept = await identity.contacts.preferences(db, county, contact);
    if (!kept) return refuse(404, 'identity.contact');
    const recipient = `contact:${contact}`;
    const others = (await addresses.of(db, [{ county, recipient }])).get(`${county} ${recipient}`);
    const { quietFrom, quietUntil } = settingsOf((await readCounties(db, [county]))[0]?.outreach);
    return {
      ...kept, waitsForMail: others?.pendingEmail !== undefined, browsers: others?.push?.length ?? 0, followsWechat: others?.openid !== undefined,
      countyQuiet: { from: quietFrom, until: quietUntil }, offers: [...offers],
    };
  };
  const open = (token: string): MailLink | undefined => {
    try {
      const link = JSON.parse(keys.open(Buffer.from(token, 'base64url'), 'mail.link')) as MailLink;
      return link.until > now() ? link : undefined;
    } catch {
      // Somebody else's, or made up.
      return undefined;
    }
  };
  const choose: Telling['choose'] = async (county, contact, change, chooser) => {
    const before = await read(county, contact);
    if (isRefusal(before)) return before;
    if (change.channel === 'push' && before.browsers === 0) return refuse(422, 'outreach.no_browser', undefined, [{ path: '/channel', reason: 'outreach.no_browser' }]);
    if (change.channel === 'wechat' && !before.followsWechat) return refuse(422, 'outreach.no_wechat', undefined, [{ path: '/channel', reason: 'outreach.no_wechat' }]);
    const { email, ...rest } = change;
    const fresh = typeof email === 'string' ? email.trim() : undefined;
    if (fresh !== undefined && !/^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(fresh)) return refuse(422, 'outreach.email', undefined, [{ path: '/email', reason: 'outreach.email' }]);
    const { channel, ...others } = rest;
    // E-mail becomes the way once its owner has said that it is theirs.
    const kept = await identity.contacts.prefer(county, contact, { ...others, ...(email === null && { email }), ...(channel !== undefined && !(channel === 'email' && fresh !== undefined) && { channel }) }, chooser);
    if (isRefusal(kept)) return kept;
    const recipient = `contact:${contact}`;
    if (email === null) await addresses.drop(db, county, recipient, 'email');
    if (fresh !== undefined) {
      const at = now();
      const token = keys.seal(JSON.stringify({ county, contact, email: fresh, until: at + confirmMs } satisfies MailLink), 'mail.link').toString('base64url');
      await addresses.keep(county, recipient, 'email', fresh);
      await insertLoose(db, { county, id: world.random.uuid(at), template: 'email_confirm', recipient, params: { link: `${world.config.url}/mine/mail/${token}`, days: confirmMs / 86_400_000 }, at: new Date(at) });
    }
    const after = await read(county, contact);
    return isRefusal(after) ? after : { ...after, mailed: fresh !== undefined };
  };
  const desk = (actor: Actor, county: string): Result<Chooser['grant']> => identity.permits(actor, county, 'contact.reveal') ?? refuse(403, 'identity.not_permitted');
  return {
    read, choose, mailOf: open,
    async readFor(actor, county, contact) {
      const grant = desk(actor, county);
      return isRefusal(grant) ? grant : read(county, contact);
    },
    async chooseFor(actor, county, contact, change, how) {
      const grant = desk(actor, county);
      return isRefusal(grant) ? grant : choose(county, contact, change, { actor, grant, ...how });
    },
    async confirmMail(token) {
      const link = open(token);
      if (!link) return refuse(422, 'outreach.mail_link');
      const { county, contact, email } = link;
      const kept = await identity.contacts.prefer(county, contact, { email, channel: 'email' }, {
        actor: { id: contact as Chooser['actor']['id'], kind: 'resident', name: null, grants: [] }, grant: { role: 'resident', unit: null },
      });
      if (isRefusal(kept)) return kept;
      await addresses.drop(db, county, `contact:${contact}`, 'email');
      return read(county, contact);
    },
  };
};
