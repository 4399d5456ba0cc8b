import { anonymous, type Actor, type Grant } from '../../../../base/actor.ts';
import type { Language } from '../../../../base/text/language.ts';
import { isMobile, maskEmail, maskPhone, normalPhone } from '../../../../base/text/phone.ts';
import { isUuid } from '../../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../../base/result.ts';
import type { Tx } from '../../../../platform/database/database.ts';
import type { ContactView } from '../../contract.ts';
import { holds, permitted } from '../../rules.ts';
import { type AccountRow, findAccount, findAccounts } from '../../store/accounts.ts';
import {
  type ContactChannel, type ContactRow, countCodes, eraseContact, findContact, findContactByPhone, findContacts, insertCode, insertContact, insertMailbox, lockPhone, markVerified,
  tryCode, updateContact, useCode,
} from '../../store/contacts.ts';
import { deleteSessionsOfContact } from '../../store/sessions.ts';
import { entryOf, type Needs } from '../needs.ts';
import { createPreferences, type Preferring } from './preferences.ts';
import { sixFigures } from '../secrets.ts';
import type { Sessions } from '../sessions.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const codeMs = 5 * minute;
/** A code a minute and ten a day for a phone; 2,000 a day for a county, so that a flood stops before the bill grows. */
const caps = { gap: minute, phone: 10, county: 2_000 };

/** For what a personal value may be shown: the ledger keeps the code, pages say it in words (`data/texts/identity.json`). */
export const purposes = ['call_back', 'visit', 'danger', 'complaint', 'court'] as const;
export type Purpose = (typeof purposes)[number];

/** How somebody is reached, opened: for the one who sends, at the moment of sending, and for nobody else. */
export interface Reach {
  readonly phone: string | null;
  readonly email: string | null;
  readonly postal: string | null;
  readonly language: Language;
  readonly channel: ContactChannel;
  /** Opted out of text messages that are not urgent. */
  readonly stopped: boolean;
  /** Wants plainer words. */
  readonly plain: boolean;
  /** Quiet hours of their own, minutes after local midnight; null for the county's. */
  readonly quietFrom: number | null;
  readonly quietUntil: number | null;
}

/** What may be shown of a contact without a reveal. */
export interface MaskedContact {
  readonly id: string;
  readonly maskedPhone: string | null;
  readonly maskedEmail: string | null;
  readonly verified: boolean;
  readonly erased: boolean;
}

/** Where and in whose care the matter is whose reporter is to be shown. */
export interface RevealTarget {
  readonly county: string;
  readonly contact: string;
  readonly matter: string;
  readonly path: string | null;
}

export interface Contacts extends Preferring {
  /**
   * The contact of a phone, made where there is none yet. It is nobody's proof that the phone is theirs: see `checkCode`.
   * Refusal: 422 `identity.phone`.
   */
  contactByPhone(tx: Tx, county: string, phone: string, language: Language): Promise<Result<{ readonly id: string; readonly isNew: boolean }>>;
  /** A contact of nothing but an e-mail address, for whoever asks to be told by mail; one for every ask. The address has to be checked by the caller. */
  openMailbox(tx: Tx, county: string, email: string, language: Language): Promise<string>;
  /** Erases it, and says so in the ledger, so that what others keep of it goes too. */
  closeMailbox(tx: Tx, county: string, contact: string): Promise<void>;
  /** The contact that a phone belongs to, for an operator who is called; undefined for a phone not known. */
  findByPhone(tx: Tx, county: string, phone: string): Promise<{ readonly id: string } | undefined>;
  /** Refusals: 422 `identity.phone`, 422 `identity.not_mobile`, 429 `identity.code_gap` {seconds}, 429 `identity.code_cap`. */
  sendCode(county: string, phone: string, language: Language): Promise<Result<{ readonly maskedPhone: string; readonly until: number }>>;
  /** Refusals: 422 `identity.phone`, 422 `identity.code` (wrong, run out, used or tried five times). */
  checkCode(county: string, phone: string, code: string): Promise<Result<{ readonly id: string }>>;
  masked(tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, MaskedContact>>;
  /**
   * Opens a reporter's phone and writes an `access` entry with purpose and matter. Whether the actor may see the matter
   * is for the caller to have checked. Refusals: 403 `identity.not_permitted`, 422 `identity.purpose`, 404 `identity.contact`.
   */
  reveal(actor: Actor, target: RevealTarget, purpose: string): Promise<Result<{ readonly phone: string | null; readonly email: string | null }>>;
  /**
   * Whom a phone belongs to, for somebody who is called; with `create`, made where there is none. Every look is an `access`
   * entry, one that finds nobody too. Refusals: 403 `identity.not_permitted`, 422 `identity.phone`.
   */
  lookUp(actor: Actor, county: string, phone: string, ask: { readonly purpose: string; readonly create: boolean; readonly language: Language }):
    Promise<Result<(MaskedContact & { readonly isNew: boolean }) | null>>;
  /** Whether `reveal` would be permitted. */
  mayReveal(actor: Actor, county: string, path: string | null): boolean;
  /** Address and language of `account:{uuid}` or `contact:{uuid}`; undefined where there is none or it was erased or disabled. */
  reach(tx: Tx, county: string, recipient: string): Promise<Reach | undefined>;
  /** `reach` of many in two queries, by `{county} {recipient}`; who cannot be opened or is not there is left out. */
  reaches(tx: Tx, keys: readonly { readonly county: string; readonly recipient: string }[]): Promise<Map<string, Reach>>;
  /** Everything kept here about a resident, who asks for it. Other modules add what they keep. */
  own(actor: Actor): Promise<Result<ContactView>>;
  changeOwn(actor: Actor, change: { language?: Language; channel?: ContactChannel; email?: string | null }): Promise<Result<ContactView>>;
  /** `erase` of whoever is signed in. */
  eraseOwn(actor: Actor): Promise<Result<{ done: true }>>;
  /**
   * Erases a resident's phone and addresses, ends the sessions and writes an `access` entry; what other modules keep of them goes
   * by that entry. Who asks was checked by the caller. Refusal: 404 `identity.contact`.
   */
  erase(county: string, contact: string, by: { readonly actor: Actor; readonly grant: Pick<Grant, 'role' | 'unit'> }, asked: ErasureAsk): Promise<Result<{ done: true }>>;
  /** Erases whom a phone belongs to, who asked for it at the desk. Refusals: 403 `identity.not_permitted`, 422 `identity.phone`, 404 `identity.contact`. */
  eraseByPhone(actor: Actor, county: string, phone: string, asked: ErasureAsk): Promise<Result<{ done: true }>>;
  /** What else is known only by an address: `forget` runs inside the erasure, before the address is gone. */
  onErase(forget: (tx: Tx, county: string, held: { readonly contact: string; readonly email: string | null }) => Promise<void>): void;
}

/** How somebody asked to be erased: by themselves, at a window, on the phone or in a letter. */
export type ErasureAsk = 'self' | 'window' | 'call' | 'letter';

const viewOf = (row: ContactRow, open: (sealed: Buffer | null, context: string) => string | null): ContactView => ({
  id: row.id, county: row.county, phone: open(row.phone, 'phone'), email: open(row.email, 'email'), language: row.language,
  channel: row.channel, verifiedAt: row.verified_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(),
});

export const createContacts = ({ world, ledger, roles, send }: Needs, sessions: Sessions): Contacts => {
  const { keys, db } = world;
  const open = (sealed: Buffer | null, context: string): string | null => (sealed === null ? null : keys.open(sealed, context));
  const indexOf = (phone: string): Buffer => keys.blindIndex('phone', phone);
  const codeMark = (county: string, phone: string, code: string): Buffer => keys.mark('sms-code', `${county} ${phone} ${code}`);

  const wrongPhone = () => refuse(422, 'identity.phone', undefined, [{ path: '/phone', reason: 'identity.phone' }]);

  const contactByPhone: Contacts['contactByPhone'] = async (tx, county, phone, language) => {
    const normal = normalPhone(phone);
    if (normal === undefined) return wrongPhone();
    const index = indexOf(normal);
    const known = await findContactByPhone(tx, county, index);
    if (known) return { id: known.id, isNew: false };
    const now = world.now();
    const id = world.random.uuid(now);
    if (await insertContact(tx, { county, id, phone: keys.seal(normal, 'phone'), index, language, now: new Date(now) })) return { id, isNew: true };
    const others = await findContactByPhone(tx, county, index);
    if (!others) throw new Error('a contact was taken and is not there');
    return { id: others.id, isNew: false };
  };

  const permission = (actor: Actor, county: string, path: string | null): Grant | undefined =>
    permitted(roles, actor, county, 'contact.reveal', world.now(), path);

  const ownContact = async (actor: Actor): Promise<Result<ContactRow>> => {
    const grant = actor.kind === 'resident' ? actor.grants.find((one) => one.role === 'resident' && holds(one, world.now())) : undefined;
    const row = grant && (await findContact(db, grant.county, actor.id));
    return !row || row.erased_at ? refuse(404, 'identity.contact') : row;
  };

  const residentReach = (row: ContactRow): Reach => ({
    phone: open(row.phone, 'phone'), email: open(row.email, 'email'), postal: open(row.postal, 'postal'), language: row.language, channel: row.channel,
    stopped: row.stopped_at !== null, plain: row.plain, quietFrom: row.quiet_from, quietUntil: row.quiet_until,
  });
  const staffReach = (row: AccountRow): Reach => ({
    phone: open(row.phone, 'phone'), email: open(row.email, 'email'), postal: null, language: row.language, channel: row.channel,
    stopped: false, plain: false, quietFrom: null, quietUntil: null,
  });

  const forgetting: Parameters<Contacts['onErase']>[0][] = [];
  const erase: Contacts['erase'] = async (county, contact, { actor, grant }, asked) => {
    const now = world.now();
    const erased = await db.transaction(async (tx) => {
      const row = await findContact(tx, county, contact);
      if (!row || row.erased_at) return false;
      const email = open(row.email, 'email');
      for (const forget of forgetting) await forget(tx, county, { contact, email });
      if (!(await eraseContact(tx, county, contact, new Date(now)))) return false;
      await deleteSessionsOfContact(tx, county, contact);
      await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'contact', action: 'erase', set: { contact, asked } }, actor, grant, now)]);
      return true;
    });
    if (!erased) return refuse(404, 'identity.contact');
    sessions.forget(contact);
    ledger.sequencer.nudge(county);
    return { done: true };
  };

  return {
    contactByPhone, erase, ...createPreferences(world, ledger, open),
    async openMailbox(tx, county, email, language) {
      const now = world.now();
      const id = world.random.uuid(now);
      await insertMailbox(tx, { county, id, email: keys.seal(email, 'email'), language, now: new Date(now) });
      return id;
    },
    async closeMailbox(tx, county, contact) {
      const now = world.now();
      if (!(await eraseContact(tx, county, contact, new Date(now)))) return;
      await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'contact', action: 'erase', set: { contact } }, anonymous, { role: 'resident', unit: null }, now)]);
    },
    async findByPhone(tx, county, phone) {
      const normal = normalPhone(phone);
      const row = normal === undefined ? undefined : await findContactByPhone(tx, county, indexOf(normal));
      return row && { id: row.id };
    },
    async sendCode(county, phone, language) {
      const normal = normalPhone(phone);
      if (normal === undefined) return wrongPhone();
      if (!isMobile(normal)) return refuse(422, 'identity.not_mobile', undefined, [{ path: '/phone', reason: 'identity.not_mobile' }]);
      const now = world.now();
      const code = sixFigures();
      const done = await db.transaction(async (tx) => {
        const index = indexOf(normal);
        await lockPhone(tx, index);
        const sent = await countCodes(tx, county, index, new Date(now - day));
        const wait = sent.last === null ? 0 : sent.last.getTime() + caps.gap - now;
        if (wait > 0) return refuse(429, 'identity.code_gap', { seconds: Math.ceil(wait / 1000) });
        if (sent.phone >= caps.phone || sent.county >= caps.county) return refuse(429, 'identity.code_cap', { seconds: 3600 });
        const contact = await contactByPhone(tx, county, normal, language);
        if (isRefusal(contact)) return contact;
        const until = now + codeMs;
        await insertCode(tx, { county, id: world.random.uuid(now), index, code: codeMark(county, normal, code), now: new Date(now), until: new Date(until) });
        await send(tx, { county, id: world.random.uuid(now), template: 'sms_code', recipient: `contact:${contact.id}`, params: { code, minutes: codeMs / minute }, at: now });
        return { maskedPhone: maskPhone(normal), until };
      });
      return done;
    },
    async checkCode(county, phone, code) {
      const normal = normalPhone(phone);
      if (normal === undefined) return wrongPhone();
      const wrong = refuse(422, 'identity.code', undefined, [{ path: '/code', reason: 'identity.code' }]);
      // People type the figures in full width and with a space in the middle.
      const figures = code.replace(/[０-９]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/\s/g, '');
      if (!/^\d{6}$/.test(figures)) return wrong;
      const now = new Date(world.now());
      const index = indexOf(normal);
      // The try is counted in a transaction of its own: whatever happens afterwards, it was one.
      const held = await tryCode(db, county, index, now);
      if (!held || !keys.isMark('sms-code', `${county} ${normal} ${figures}`, held.code)) return wrong;
      return db.transaction(async (tx) => {
        if (!(await useCode(tx, county, held.id, now))) return wrong;
        const contact = await findContactByPhone(tx, county, index);
        if (!contact) return wrong;
        await markVerified(tx, county, contact.id, now);
        return { id: contact.id };
      });
    },
    async masked(tx, county, ids) {
      if (ids.length === 0) return new Map();
      return new Map((await findContacts(tx, county, ids)).map((row) => {
        const phone = open(row.phone, 'phone');
        const email = open(row.email, 'email');
        return [row.id, {
          id: row.id, maskedPhone: phone === null ? null : maskPhone(phone), maskedEmail: email === null ? null : maskEmail(email),
          verified: row.verified_at !== null, erased: row.erased_at !== null,
        }];
      }));
    },
    mayReveal: (actor, county, path) => permission(actor, county, path) !== undefined,
    async reveal(actor, { county, contact, matter, path }, purpose) {
      const grant = permission(actor, county, path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      if (!(purposes as readonly string[]).includes(purpose)) return refuse(422, 'identity.purpose', undefined, [{ path: '/purpose', reason: 'identity.purpose' }]);
      const shown = await db.transaction(async (tx) => {
        const row = await findContact(tx, county, contact);
        if (!row || row.erased_at) return refuse(404, 'identity.contact');
        await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'contact', action: 'reveal', matter, set: { contact, purpose } }, actor, grant, world.now())]);
        return { phone: open(row.phone, 'phone'), email: open(row.email, 'email') };
      });
      ledger.sequencer.nudge(county);
      return shown;
    },
    async lookUp(actor, county, phone, { purpose, create, language }) {
      const grant = permitted(roles, actor, county, 'contact.reveal', world.now());
      if (!grant) return refuse(403, 'identity.not_permitted');
      const normal = normalPhone(phone);
      if (normal === undefined) return wrongPhone();
      const found = await db.transaction(async (tx): Promise<Result<(MaskedContact & { readonly isNew: boolean }) | null>> => {
        const known = create ? await contactByPhone(tx, county, normal, language) : await findContactByPhone(tx, county, indexOf(normal));
        if (isRefusal(known)) return known;
        const row = known && (await findContact(tx, county, known.id));
        await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'contact', action: 'find', set: { ...(row && { contact: row.id }), purpose, found: row !== undefined } }, actor, grant, world.now())]);
        return row ? { id: row.id, maskedPhone: maskPhone(normal), maskedEmail: null, verified: row.verified_at !== null, erased: false, isNew: known !== undefined && 'isNew' in known && known.isNew } : null;
      });
      ledger.sequencer.nudge(county);
      return found;
    },
    async reach(tx, county, recipient) {
      const [kind, id = ''] = recipient.split(':');
      if (kind === 'account') {
        const row = await findAccount(tx, id);
        return row && !row.disabled_at ? staffReach(row) : undefined;
      }
      const row = kind === 'contact' ? await findContact(tx, county, id) : undefined;
      return row && !row.erased_at ? residentReach(row) : undefined;
    },
    async reaches(tx, keyed) {
      const found = new Map<string, Reach>();
      const ids = (kind: string, of: string | null): string[] =>
        [...new Set(keyed.filter(({ county, recipient }) => recipient.startsWith(`${kind}:`) && (of === null || county === of)).map(({ recipient }) => recipient.slice(kind.length + 1)))].filter(isUuid);
      const accounts = ids('account', null);
      const staff = new Map(accounts.length === 0 ? [] : (await findAccounts(tx, accounts)).filter((row) => !row.disabled_at).map((row) => [row.id, row]));
      for (const { county, recipient } of keyed) {
        const row = recipient.startsWith('account:') ? staff.get(recipient.slice(8)) : undefined;
        if (row) found.set(`${county} ${recipient}`, staffReach(row));
      }
      for (const county of new Set(keyed.filter(({ recipient }) => recipient.startsWith('contact:')).map((one) => one.county)))
        for (const row of await findContacts(tx, county, ids('contact', county)))
          if (!row.erased_at) found.set(`${county} contact:${row.id}`, residentReach(row));
      return found;
    },
    async own(actor) {
      const row = await ownContact(actor);
      return isRefusal(row) ? row : viewOf(row, open);
    },
    async changeOwn(actor, change) {
      const row = await ownContact(actor);
      if (isRefusal(row)) return row;
      const email = change.email === undefined ? {} : { email: change.email === null ? null : keys.seal(change.email, 'email') };
      if (change.channel === 'email' && change.email == null && (row.email === null || change.email === null))
        return refuse(422, 'identity.no_email', undefined, [{ path: '/email', reason: 'identity.no_email' }]);
      await updateContact(db, row.county, row.id, {
        ...email, ...(change.language && { language: change.language }), ...(change.channel && { channel: change.channel }), preferred: { at: new Date(world.now()), by: 'self' },
      });
      return this.own(actor);
    },
    async eraseOwn(actor) {
      const row = await ownContact(actor);
      if (isRefusal(row)) return row;
      return erase(row.county, row.id, { actor, grant: { role: 'resident', unit: null } }, 'self');
    },
    async eraseByPhone(actor, county, phone, asked) {
      const grant = permitted(roles, actor, county, 'contact.erase', world.now());
      if (!grant) return refuse(403, 'identity.not_permitted');
      const normal = normalPhone(phone);
      if (normal === undefined) return wrongPhone();
      const known = await findContactByPhone(db, county, indexOf(normal));
      return known ? erase(county, known.id, { actor, grant }, asked) : refuse(404, 'identity.contact');
    },
    onErase(forget) {
      forgetting.push(forget);
    },
  };
};
