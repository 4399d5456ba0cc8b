import { createHash } from 'node:crypto';
import type { Actor } from '../../../../base/actor.ts';
import type { Language } from '../../../../base/text/language.ts';
import { refuse, type Result } from '../../../../base/result.ts';
import { maskEmail, maskPhone } from '../../../../base/text/phone.ts';
import type { Tx } from '../../../../platform/database/database.ts';
import type { World } from '../../../../platform/world.ts';
import { findContact, lockContact, updateContact, type ContactChannel, type ContactRow, type PreferredBy } from '../../store/contacts.ts';
import { entryOf, type Needs } from '../needs.ts';

/** How a resident wants to be told, as they may see it themselves and the desk may. */
export interface Preferences {
  readonly channel: ContactChannel;
  readonly language: Language;
  /** Wants plainer words. */
  readonly plain: boolean;
  /** Opted out of text messages that are not urgent. */
  readonly stopped: boolean;
  /** Minutes after local midnight; null for the county's quiet hours. */
  readonly quietFrom: number | null;
  readonly quietUntil: number | null;
  readonly maskedPhone: string | null;
  readonly maskedEmail: string | null;
  readonly hasPostal: boolean;
  /** When they last chose, and how they said so; null where they never did. */
  readonly chosen: { readonly at: number; readonly by: PreferredBy } | null;
  /** Stands for all of this: who changes it says what they saw. */
  readonly seen: string;
}

/** What is chosen anew; an absent member stays as it is. */
export interface PreferenceChange {
  readonly channel?: ContactChannel;
  readonly language?: Language;
  readonly plain?: boolean;
  readonly stopped?: boolean;
  readonly quiet?: { readonly from: number | null; readonly until: number | null };
  readonly email?: string | null;
  /** Postal address, up to 200 signs. */
  readonly postal?: string | null;
}

/** Who chooses: the person, or somebody of the desk for them. */
export interface Chooser {
  readonly actor: Actor;
  readonly grant: Parameters<typeof entryOf>[2];
  /** How the person asked somebody of the desk for it; absent where they choose by themselves. */
  readonly asked?: Exclude<PreferredBy, 'self'>;
  /** What the chooser saw before, where that matters: what was chosen meanwhile is not lost. */
  readonly seen?: string;
}

export interface Preferring {
  /** Undefined for a contact that is not there or was erased. */
  preferences(tx: Tx, county: string, contact: string): Promise<Preferences | undefined>;
  /**
   * Keeps a choice and writes an `access` entry that says what was chosen, and no address. Refusals: 404 `identity.contact`,
   * 409 `identity.preferences_moved`, 422 `identity.no_email`, 422 `identity.no_postal`, 422 `identity.quiet`.
   */
  prefer(county: string, contact: string, change: PreferenceChange, chooser: Chooser): Promise<Result<Preferences>>;
}

export const createPreferences = ({ db, keys, now }: World, ledger: Needs['ledger'], open: (sealed: Buffer | null, context: string) => string | null): Preferring => {
  const viewOf = (row: ContactRow): Preferences => {
    const [phone, email] = [open(row.phone, 'phone'), open(row.email, 'email')];
    const view = {
      channel: row.channel, language: row.language, plain: row.plain, stopped: row.stopped_at !== null, quietFrom: row.quiet_from, quietUntil: row.quiet_until,
      maskedPhone: phone === null ? null : maskPhone(phone), maskedEmail: email === null ? null : maskEmail(email), hasPostal: row.postal !== null,
      chosen: row.preferred_at && row.preferred_by ? { at: row.preferred_at.getTime(), by: row.preferred_by } : null,
    };
    return { ...view, seen: createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 16) };
  };
  const preferences: Preferring['preferences'] = async (tx, county, contact) => {
    const row = await findContact(tx, county, contact);
    return !row || row.erased_at ? undefined : viewOf(row);
  };
  return {
    preferences,
    async prefer(county, contact, change, { actor, grant, asked, seen }) {
      const done = await db.transaction(async (tx): Promise<Result<Preferences>> => {
        const row = await lockContact(tx, county, contact);
        if (!row || row.erased_at) return refuse(404, 'identity.contact');
        if (seen !== undefined && seen !== viewOf(row).seen) return refuse(409, 'identity.preferences_moved');
        const lacks = (channel: ContactChannel, given: string | null | undefined, kept: Buffer | null): boolean => change.channel === channel && (given === null || (given === undefined && kept === null));
        if (lacks('email', change.email, row.email)) return refuse(422, 'identity.no_email', undefined, [{ path: '/email', reason: 'identity.no_email' }]);
        if (lacks('letter', change.postal, row.postal)) return refuse(422, 'identity.no_postal', undefined, [{ path: '/postal', reason: 'identity.no_postal' }]);
        const { quiet } = change;
        if (quiet && (quiet.from === null) !== (quiet.until === null)) return refuse(422, 'identity.quiet', undefined, [{ path: '/quiet', reason: 'identity.quiet' }]);
        const at = now();
        const sealed = (value: string | null, context: string): Buffer | null => (value === null ? null : keys.seal(value, context));
        await updateContact(tx, county, contact, {
          ...(change.email !== undefined && { email: sealed(change.email, 'email') }), ...(change.postal !== undefined && { postal: sealed(change.postal, 'postal') }),
          ...(change.language && { language: change.language }), ...(change.channel && { channel: change.channel }), ...(change.plain !== undefined && { plain: change.plain }),
          ...(quiet && { quiet }), ...(change.stopped !== undefined && change.stopped !== (row.stopped_at !== null) && { stopped: change.stopped ? new Date(at) : null }),
          preferred: { at: new Date(at), by: asked ?? 'self' },
        });
        await ledger.append(tx, [entryOf({
          county, subject: 'access', kind: 'contact', action: 'prefer',
          set: {
            contact, asked: asked ?? 'self', ...(change.channel && { channel: change.channel }), ...(change.language && { language: change.language }), ...(change.plain !== undefined && { plain: change.plain }),
            ...(change.stopped !== undefined && { stopped: change.stopped }), ...(quiet && { quiet: quiet.from !== null }),
            ...(change.email !== undefined && { email: change.email !== null }), ...(change.postal !== undefined && { postal: change.postal !== null }),
          },
        }, actor, grant, at)]);
        return viewOf((await findContact(tx, county, contact))!);
      });
      ledger.sequencer.nudge(county);
      return done;
    },
  };
};
