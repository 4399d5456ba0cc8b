import type { Actor } from '../../../base/actor.ts';
import { isRefusal } from '../../../base/result.ts';
import { theSystem } from '../../../base/actor.ts';
import { scopeAllows, type Identity, type ScopedObject } from '../../../modules/identity/index.ts';
import type { LiveRights, LoggedEntry } from '../../../modules/ledger/index.ts';
import type { Matters } from '../../../modules/matters/index.ts';
import type { World } from '../../../platform/world.ts';

/** What an event is about: where its matter stands now, and stood before; null for what is about no matter. */
type Subject = readonly ScopedObject[] | null;

const before = (now: ScopedObject, { entry }: LoggedEntry): ScopedObject => ({
  ...now, leadUnit: (entry.set?.['was.leadUnit'] as string | undefined) ?? now.leadUnit, handler: (entry.set?.['was.handler'] as string | undefined) ?? now.handler,
});

/** Who may see which event: the scope that lists and pages are decided by, on the matter that the event is about. */
export const liveRights = ({ db, now }: World, identity: Identity, matters: Matters): LiveRights<Subject> => ({
  counties: (actor) => [...new Set(actor.grants.map(({ county }) => county as string))],
  async subjects(county, entries) {
    const ids = [...new Set(entries.flatMap(({ entry }) => (entry.subject === 'matter' && entry.matter ? [entry.matter] : [])))];
    const found = ids.length === 0 ? new Map<string, ScopedObject>() : await matters.scoped(db, county, ids);
    return entries.map((logged) => {
      const subject = logged.entry.matter === undefined ? undefined : found.get(logged.entry.matter);
      return subject ? [subject, before(subject, logged)] : null;
    });
  },
  compile(actor) {
    const scope = identity.scope(actor);
    // Changes of tables and rights are for those who may verify the ledger or read settings: an event names no person.
    const audits = new Set(actor.grants.filter(({ county }) => identity.permits(actor, county, 'trace.verify') ?? identity.permits(actor, county, 'settings.read')).map(({ county }) => county as string));
    return (logged, subject) => (subject === null ? audits.has(logged.entry.county) : subject.some((one) => scopeAllows(scope, one)));
  },
  async reload(actor: Actor) {
    const county = actor.grants[0]?.county;
    if (county === undefined) return undefined;
    const read = await identity.accounts.read(theSystem, county, actor.id);
    if (isRefusal(read) || read.account.disabled) return undefined;
    const present = now();
    return { ...actor, grants: read.grants.filter(({ from, until }) => from <= present && (until === null || present < until)) };
  },
  changes: ({ entry }) => (entry.subject === 'config' && (entry.kind === 'grant' || entry.kind === 'account') ? (entry.set?.['account'] as string | undefined) : undefined),
});
