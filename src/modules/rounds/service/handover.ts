import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { BodyOf, ResponseOf } from '../../../base/route.ts';
import { entryOf } from '../../identity/index.ts';
import { doneEarlier } from '../../matters/rules/done.ts';
import { walkers } from '../contract/pack.ts';
import type { confirmHandover, handOver, HandoverView, listHandovers } from '../contract/handover.ts';
import { findHandover, handoversOf, insertHandover, setConfirmed, type HandoverRow } from '../store/handover.ts';
import { countyOf, momentOf, pathsOf, placeNames, type Language, type Needs } from './needs.ts';

/** 交接班: what is open goes to whoever comes, and counts when they say so. */
export interface Handovers {
  /** Refusals: 403 `identity.not_permitted`, 422 `rounds.no-colleague`. */
  give(actor: Actor, ask: BodyOf<typeof handOver>, language: Language): Promise<Result<{ id: string }>>;
  /** Refusal: 404 `rounds.no-handover`. */
  confirm(actor: Actor, id: string, ask: BodyOf<typeof confirmHandover>): Promise<Result<{ id: string }>>;
  list(actor: Actor, county: string | undefined): Promise<Result<ResponseOf<typeof listHandovers>>>;
}

const shown = 60;
/** Colleagues that somebody can choose among. */
const colleaguesAtMost = 200;

export const createHandovers = (needs: Needs): Handovers => {
  const { world, ledger, identity, matters } = needs;
  const walkGrant = (actor: Actor, county: string) =>
    actor.grants.filter((grant) => grant.county === county && (walkers as readonly string[]).includes(grant.role) && grant.from <= world.now() && (grant.until === null || world.now() < grant.until))
      .sort((a, b) => b.place.length - a.place.length)[0];
  const colleagues = async (actor: Actor, county: string): Promise<string[]> => {
    const grant = walkGrant(actor, county);
    if (!grant) return [];
    // Whoever handles for a unit hands over inside of it; others to whoever is in charge there.
    const holders = await identity.accounts.holders(world.db, county, ['unithandler', 'enforcer'].includes(grant.role) ? [grant.role] : ['gridworker', 'gridchief', 'collector'],
      { ...(['unithandler', 'enforcer'].includes(grant.role) && grant.unit !== null ? { unit: grant.unit } : {}), path: grant.place });
    return holders.filter((id) => id !== actor.id).slice(0, colleaguesAtMost);
  };
  const opened = (sealed: Buffer | null): string | null => (sealed === null ? null : world.keys.open(sealed, 'handover'));
  const viewOf = async (actor: Actor, county: string, row: HandoverRow, names: ReadonlyMap<string, string>): Promise<HandoverView> => ({
    id: row.id, from: { id: row.giver, name: names.get(row.giver) ?? null }, to: { id: row.taker, name: names.get(row.taker) ?? null }, placeNames: await placeNames(needs, county, row.path.split('/').at(-2) ?? null),
    at: row.given_at.toISOString(), open: row.matters, remarks: opened(row.remarks), confirmedAt: row.confirmed_at?.toISOString() ?? null, answer: opened(row.answer), mine: row.taker === actor.id && row.confirmed_at === null,
  });

  return {
    async give(actor, ask, language) {
      const county = countyOf(actor, undefined);
      if (isRefusal(county)) return county;
      const grant = walkGrant(actor, county);
      if (!grant) return refuse(403, 'identity.not_permitted');
      if (await findHandover(world.db, county, ask.op)) return { id: ask.op };
      if (!(await colleagues(actor, county)).includes(ask.to)) return refuse(422, 'rounds.no-colleague', undefined, [{ path: '/to', reason: 'rounds.no-colleague' }]);
      const seen = await matters.seen(actor, county, ask.matters, undefined, language);
      const now = world.now();
      const remarks = ask.remarks?.trim();
      await world.db.transaction(async (tx) => {
        const happened = await insertHandover(tx, county, {
          id: ask.op, path: grant.place, giver: actor.id, taker: ask.to, matters: seen.map(({ item: { id, number, title, stateLabel } }) => ({ id, number, title, state: stateLabel })),
          remarks: remarks ? world.keys.seal(remarks, 'handover') : null, given_at: new Date(momentOf(ask.done, now)), received_at: new Date(now),
        });
        if (happened) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'handover', action: 'give', set: { handover: ask.op, to: ask.to, matters: seen.map(({ item }) => item.id).sort().join(), ...doneEarlier(ask.done, now) } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return { id: ask.op };
    },

    async confirm(actor, id, ask) {
      const county = countyOf(actor, undefined);
      if (isRefusal(county)) return county;
      const row = await findHandover(world.db, county, id);
      const grant = walkGrant(actor, county);
      if (!row || !grant || row.taker !== actor.id) return refuse(404, 'rounds.no-handover');
      const now = world.now();
      const remarks = ask.remarks?.trim();
      await world.db.transaction(async (tx) => {
        if (await setConfirmed(tx, county, id, remarks ? world.keys.seal(remarks, 'handover') : null, new Date(momentOf(ask.done, now))))
          await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'handover', action: 'confirm', set: { handover: id, ...doneEarlier(ask.done, now) } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return { id };
    },

    async list(actor, asked) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const rows = await handoversOf(world.db, county, actor.id, pathsOf(needs, actor, county, 'handovers.read'), shown);
      const mates = await colleagues(actor, county);
      const names = await identity.accounts.names(world.db, [...new Set([...mates, ...rows.flatMap(({ giver, taker }) => [giver, taker])])]);
      return {
        items: await Promise.all(rows.map((row) => viewOf(actor, county, row, names))),
        colleagues: mates.map((id) => ({ id, name: names.get(id) ?? id })).sort((a, b) => a.name.localeCompare(b.name, 'zh')),
      };
    },
  };
};
