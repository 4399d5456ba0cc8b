import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Language } from '../../../base/text/language.ts';
import { holds } from '../../identity/rules.ts';
import type { BulkResult } from '../../matters/contract.ts';
import { opOfMatter, refusalWords, stateLabel, type Done } from '../../matters/index.ts';
import type { Load } from '../contract/load.ts';
import { shareEvenly } from '../rules/sharing.ts';
import type { Needs } from './needs.ts';

/** Assignment by load: who has how much, the next one for me, and sharing out. */
export interface Sharing {
  load(actor: Actor, county: string, language: Language): Promise<Result<Load>>;
  /** Refusal: 404 `case.none-waiting`. */
  next(actor: Actor, county: string, op: string, language: Language): Promise<Result<Pick<Done, 'id' | 'number'>>>;
  share(actor: Actor, county: string, ask: { readonly matters: readonly string[]; readonly accounts?: readonly string[]; readonly op: string }, language: Language): Promise<Result<{ items: BulkResult[]; given: { name: string; count: number }[] }>>;
  people(actor: Actor, matter: string, words: string): Promise<Result<{ items: { id: string; login: string; name: string }[] }>>;
}

const deskRoles = ['intake', 'dispatcher'];
const unitRoles = ['unithandler', 'enforcer'];
const shownPeople = 8;

export const createSharing = ({ world, identity, matters }: Pick<Needs, 'world' | 'identity' | 'matters'>): Sharing => {
  const { db } = world;
  const ownUnits = (actor: Actor, county: string, roles: readonly string[]): string[] =>
    [...new Set(actor.grants.filter((grant) => grant.county === county && roles.includes(grant.role) && holds(grant, world.now())).flatMap(({ unit }) => unit ?? []))];
  const isDesk = (actor: Actor, county: string): boolean => actor.grants.some((grant) => grant.county === county && [...deskRoles, 'commander', 'supervisor'].includes(grant.role) && holds(grant, world.now()));
  /** Whom the actor may hand cases to: those of the desk, and the handlers of a unit that they lead. */
  const officersFor = async (actor: Actor, county: string): Promise<Map<string, string | null>> => {
    const found = new Map<string, string | null>();
    if (isDesk(actor, county)) for (const id of await identity.accounts.holders(db, county, deskRoles, {})) found.set(id, null);
    for (const unit of ownUnits(actor, county, ['head'])) for (const id of await identity.accounts.holders(db, county, unitRoles, { unit })) found.set(id, unit);
    return found;
  };

  return {
    async load(actor, county, language) {
      if (!identity.permits(actor, county, 'load.read')) return refuse(403, 'matters.not-allowed', { action: 'load' });
      const officers = await officersFor(actor, county);
      const led = ownUnits(actor, county, ['head']);
      const [byHandler, byUnit] = await Promise.all([matters.openByHandler(db, county, 'case', world.now()), matters.openByUnit(db, county, 'case', world.now())]);
      const handled = new Map(byHandler.map((row) => [row.handler, row]));
      const shown = isDesk(actor, county) ? byUnit : byUnit.filter(({ unit }) => unit !== null && led.includes(unit));
      const units = await identity.units.get(db, county, [...new Set([...shown.flatMap(({ unit }) => unit ?? []), ...[...officers.values()].flatMap((unit) => unit ?? [])])]);
      const names = await identity.accounts.names(db, [...officers.keys()]);
      const unitName = (id: string): string => units.get(id)?.name[language] ?? id;
      return {
        officers: [...officers].map(([id, unit]) => ({ id, name: names.get(id) ?? id, unit: unit === null ? null : unitName(unit), desk: unit === null, open: handled.get(id)?.open ?? 0, late: handled.get(id)?.late ?? 0 }))
          .sort((a, b) => a.open - b.open || a.name.localeCompare(b.name)),
        units: shown.flatMap(({ unit, open, late, free }) => (unit === null ? [] : [{ id: unit, name: unitName(unit), open, late, free }])),
        free: shown.find(({ unit }) => unit === null)?.free ?? 0,
      };
    },

    async next(actor, county, op, language) {
      for (let after: string | undefined; ;) {
        const list = await matters.list(actor, { county, box: 'todo', kind: 'case', limit: 50, ...(after && { after }) }, language);
        if (isRefusal(list)) return list;
        for (const item of list.items) {
          if (item.handler !== null) continue;
          const call = { actor, behalf: null, county, kind: 'case', matter: item.id };
          const own = item.leadUnit !== null && ownUnits(actor, county, unitRoles).includes(item.leadUnit.id);
          const done = item.state === 'dispatched' && own ? await matters.act({ ...call, action: 'accept', input: {}, op })
            : ['reported', 'filed'].includes(item.state) ? await matters.act({ ...call, action: 'hand', input: { account: actor.id, free: true }, op }) : refuse(403, 'matters.not-allowed', { action: 'hand' });
          if (!isRefusal(done)) return { id: done.id, number: done.number };
          // Somebody was faster, or it is not for this person: the one after it. Its refusal stands under the op, so that is made anew.
          if (done.status === 409) op = opOfMatter(op, item.id);
        }
        if (list.next === null) return refuse(404, 'case.none-waiting');
        after = list.next;
      }
    },

    async share(actor, county, { matters: asked, accounts, op }, language) {
      if (!identity.permits(actor, county, 'load.read')) return refuse(403, 'matters.not-allowed', { action: 'load' });
      const officers = await officersFor(actor, county);
      const people = [...officers.keys()].filter((id) => accounts === undefined || accounts.includes(id));
      if (people.length === 0) return refuse(409, 'case.nobody-to-share');
      const seen = new Map((await matters.seen(actor, county, asked, 'case', language)).map((one) => [one.matter.id, one]));
      const load = new Map((await matters.openByHandler(db, county, 'case', world.now())).map(({ handler, open }) => [handler, open]));
      const items: BulkResult[] = [];
      const counts = new Map<string, number>();
      for (const id of new Set(asked)) {
        const matter = seen.get(id)?.matter;
        const result = (refused: string | null, words: string | null, state = matter?.state): BulkResult => ({ id, number: matter?.number ?? '', title: matter?.title ?? '', stateLabel: state ? stateLabel('case', state, language) : '', ok: refused === null, reason: refused, words });
        if (!matter) { items.push(result('matters.not-found', refusalWords('case', refuse(404, 'matters.not-found'), language))); continue; }
        // Those of the unit that has it, or of the desk while none has.
        const unit = ['dispatched', 'handling'].includes(matter.state) ? (matter.facets.leadUnit ?? null) : null;
        const able = people.filter((one) => officers.get(one) === unit);
        const account = shareEvenly(able, load);
        const done = account === undefined ? refuse(409, 'case.nobody-to-share') : await matters.act({ actor, behalf: null, county, kind: 'case', matter: id, action: 'hand', input: { account }, op: opOfMatter(op, id) });
        if (isRefusal(done)) { items.push(result(done.reason, refusalWords('case', done, language))); continue; }
        load.set(account!, (load.get(account!) ?? 0) + 1);
        counts.set(account!, (counts.get(account!) ?? 0) + 1);
        items.push(result(null, null, done.state));
      }
      const names = await identity.accounts.names(db, [...counts.keys()]);
      return { items, given: [...counts].map(([id, count]) => ({ name: names.get(id) ?? id, count })) };
    },

    async people(actor, matter, words) {
      const located = await matters.locate(actor, matter);
      if (isRefusal(located)) return located;
      if (actor.kind !== 'account') return refuse(403, 'matters.not-allowed', { action: 'note' });
      const { county, whole: { matter: { facets } } } = located;
      const reading = (within: readonly string[]): string[] => Object.entries(identity.roles.roles).flatMap(([role, { reads }]) =>
        (reads.some((read) => within.includes(read.within) && (read.kinds === '*' || read.kinds.includes('case'))) ? [role] : []));
      const path = facets.path ?? '';
      const ids = new Set([
        ...await identity.accounts.holders(db, county, reading(['place', 'all']), { path }),
        ...(facets.leadUnit === undefined ? [] : await identity.accounts.holders(db, county, reading(['unit']), { path, unit: facets.leadUnit })), ...(facets.handler ? [facets.handler] : []),
      ]);
      const typed = words.trim().toLowerCase();
      const people = (await identity.accounts.people(db, [...ids])).filter(({ id, login, name }) => id !== actor.id && (login.startsWith(typed) || name.toLowerCase().includes(typed)));
      return { items: people.sort((a, b) => Number(b.login.startsWith(typed)) - Number(a.login.startsWith(typed)) || a.login.localeCompare(b.login)).slice(0, shownPeople) };
    },
  };
};
