import type { Actor } from '../../../../base/actor.ts';
import { normalPhone } from '../../../../base/text/phone.ts';
import type { Language } from '../../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../../base/result.ts';
import type { Tx } from '../../../../platform/database/database.ts';
import { permitted } from '../../rules.ts';
import { consentBlobs, consentsOf, findConsents, insertConsent, openConsents, revokeConsent, type ConsentRow } from '../../store/consents.ts';
import type { Contacts } from './contacts.ts';
import { entryOf, type Needs } from '../needs.ts';

/** What a resident can agree to. */
export const consentScopes = ['report', 'rate', 'visit_notes'] as const;
export type ConsentScope = (typeof consentScopes)[number];

export interface GiveConsent {
  /** Made by whoever asks: the same id is the same consent. */
  readonly id: string;
  readonly phone: string;
  readonly purpose: 'visit' | 'proxy';
  readonly scope: readonly ConsentScope[];
  /** By the code that was sent to the phone, or witnessed: a picture of a signature, or what was said. */
  readonly way: { readonly code: string } | { readonly blob?: string; readonly spoken?: string };
  /** Milliseconds since 1970, at most a year ahead. */
  readonly until: number;
  readonly givenAt: number;
  readonly language: Language;
}

/** A consent as those may see it who hold or gave it. */
export interface Consent {
  readonly id: string;
  readonly contact: string;
  readonly holder: string;
  readonly maskedPhone: string | null;
  readonly purpose: 'visit' | 'proxy';
  readonly scope: readonly string[];
  readonly way: 'code' | 'witness';
  readonly givenAt: number;
  readonly until: number;
  readonly revokedAt: number | null;
}

/** 同意: what residents have agreed to, for whom, until when; taken back at any time. */
export interface Consents {
  /** Refusals: 403 `identity.not_permitted`, 422 `identity.phone`, `identity.code`, `identity.consent_unproved`, `identity.consent_too_long`. */
  give(actor: Actor, county: string, ask: GiveConsent): Promise<Result<Consent>>;
  /** Those that an actor holds, or has given as a resident. */
  own(actor: Actor, county: string): Promise<Consent[]>;
  /** By whoever gave it or holds it, or looks after the county's accounts. Refusal: 404 `identity.consent`. */
  revoke(actor: Actor, county: string, id: string): Promise<Result<Consent>>;
  /** A consent that holds now, for this holder and this use. Refusals: 403 `identity.consent`, 409 `identity.consent_ended`. */
  valid(actor: Actor, county: string, id: string, scope: ConsentScope): Promise<Result<Consent>>;
  /** Consents by id, whatever has become of them; for lists. */
  some(county: string, ids: readonly string[]): Promise<Map<string, Consent>>;
  /** Pictures that prove a consent and stay. */
  blobs(county: string, blobs: readonly string[]): Promise<readonly string[]>;
  /** Takes back all that a resident gave, in the caller's transaction. @returns their ids */
  revokeAll(tx: Tx, county: string, contact: string): Promise<readonly string[]>;
}

const longest = 366 * 86_400_000;
/** Signs of what was said that make a witness's note one. */
const leastSpoken = 6;

export const createConsents = ({ world, ledger, roles, send }: Needs, contacts: Contacts): Consents => {
  const { db, keys } = world;
  const viewsOf = async (county: string, rows: readonly ConsentRow[]): Promise<Consent[]> => {
    const masked = await contacts.masked(db, county, [...new Set(rows.map(({ contact }) => contact))]);
    return rows.map((row) => ({
      id: row.id, contact: row.contact, holder: row.holder, maskedPhone: masked.get(row.contact)?.maskedPhone ?? null, purpose: row.purpose, scope: row.scope, way: row.way,
      givenAt: row.given_at.getTime(), until: row.until.getTime(), revokedAt: row.revoked_at?.getTime() ?? null,
    }));
  };

  return {
    async give(actor, county, ask) {
      const grant = permitted(roles, actor, county, 'consents.take', world.now());
      if (!grant) return refuse(403, 'identity.not_permitted');
      const phone = normalPhone(ask.phone);
      if (phone === undefined) return refuse(422, 'identity.phone', undefined, [{ path: '/phone', reason: 'identity.phone' }]);
      const now = world.now();
      // Sent again, it is answered as before: its code is used up by then.
      const [known] = await findConsents(db, county, [ask.id]);
      if (known) return known.holder === actor.id ? (await viewsOf(county, [known]))[0]! : refuse(403, 'identity.consent');
      if (!(ask.until > now && ask.until <= now + longest)) return refuse(422, 'identity.consent_too_long', undefined, [{ path: '/until', reason: 'identity.consent_too_long' }]);
      const spoken = 'code' in ask.way ? undefined : ask.way.spoken?.trim();
      const blob = 'code' in ask.way ? undefined : ask.way.blob;
      if (!('code' in ask.way) && blob === undefined && (spoken ?? '').length < leastSpoken) return refuse(422, 'identity.consent_unproved');
      const checked = 'code' in ask.way ? await contacts.checkCode(county, phone, ask.way.code) : null;
      if (isRefusal(checked)) return checked;
      const done = await db.transaction(async (tx): Promise<Result<string>> => {
        const contact = checked ?? (await contacts.contactByPhone(tx, county, phone, ask.language));
        if (isRefusal(contact)) return contact;
        const row = {
          id: ask.id, contact: contact.id, holder: actor.id, purpose: ask.purpose, scope: [...new Set(ask.scope)].sort(), way: 'code' in ask.way ? 'code' as const : 'witness' as const,
          blob: blob ?? null, spoken: spoken === undefined || spoken === '' ? null : keys.seal(spoken, 'consent'), given_at: new Date(Math.min(ask.givenAt, now)), until: new Date(ask.until),
        };
        if (!(await insertConsent(tx, county, row))) return contact.id;
        await ledger.append(tx, [entryOf({
          county, subject: 'access', kind: 'consent', action: 'give',
          set: { consent: row.id, contact: row.contact, purpose: row.purpose, scope: row.scope.join(), way: row.way, until: row.until.toISOString(), ...(row.blob !== null && { blob: row.blob }) },
        }, actor, grant, now)]);
        // Whoever did not agree hears of it at once.
        await send(tx, { county, id: world.random.uuid(now), template: `consent_${row.purpose}`, recipient: `contact:${row.contact}`, params: { name: actor.name ?? '', until: row.until.toISOString().slice(0, 10) }, at: now });
        return contact.id;
      });
      if (isRefusal(done)) return done;
      ledger.sequencer.nudge(county);
      return (await viewsOf(county, await findConsents(db, county, [ask.id])))[0]!;
    },

    own: async (actor, county) => viewsOf(county, await consentsOf(db, county, actor.kind === 'resident' ? { contact: actor.id } : { holder: actor.id })),

    async revoke(actor, county, id) {
      const [row] = await findConsents(db, county, [id]);
      const own = row && (row.holder === actor.id || (actor.kind === 'resident' && row.contact === actor.id));
      const grant = own ? { role: actor.kind === 'resident' ? 'resident' : 'holder', unit: null } : permitted(roles, actor, county, 'accounts.edit', world.now());
      if (!row || !grant) return refuse(404, 'identity.consent');
      const now = world.now();
      await db.transaction(async (tx) => {
        if (!(await revokeConsent(tx, county, id, new Date(now)))) return;
        await ledger.append(tx, [entryOf({ county, subject: 'access', kind: 'consent', action: 'revoke', set: { consent: id, contact: row.contact } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return (await viewsOf(county, await findConsents(db, county, [id])))[0]!;
    },

    async valid(actor, county, id, scope) {
      const [row] = await findConsents(db, county, [id]);
      if (!row || row.holder !== actor.id || !row.scope.includes(scope)) return refuse(403, 'identity.consent');
      if (row.revoked_at !== null || row.until.getTime() <= world.now()) return refuse(409, 'identity.consent_ended');
      return (await viewsOf(county, [row]))[0]!;
    },

    some: async (county, ids) => new Map((await viewsOf(county, ids.length === 0 ? [] : await findConsents(db, county, ids))).map((one) => [one.id, one])),
    blobs: (county, blobs) => consentBlobs(db, county, blobs),
    async revokeAll(tx, county, contact) {
      const ids = await openConsents(tx, county, contact);
      for (const id of ids) await revokeConsent(tx, county, id, new Date(world.now()));
      return ids;
    },
  };
};

