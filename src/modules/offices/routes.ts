import type { Actor } from '../../base/actor.ts';
import type { CountyCode } from '../../base/ids.ts';
import { say, type Language, type Params, type Text } from '../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import { stateLabel } from '../matters/index.ts';
import type { Places } from '../places/index.ts';
import { dissolveUnit, previewDissolution, readHolds, undoDissolution, type DissolutionView, type Group, type Successors } from './contract.ts';
import type { Dissolution, Holding, Offices } from './service/offices.ts';

const texts = () => textsOf('offices');
const groupOf: Readonly<Record<string, Group>> = { grant: 'people', rule: 'rules', owner: 'components', manager: 'components', unit: 'units', place: 'places', matter: 'cases' };

/** Thin: who may, in which county, and the words of it all. */
export const officeRoutes = (offices: Offices, identity: Identity, places: Pick<Places, 'tree'>): Mounted[] => {
  const countyOf = (actor: Actor, asked: string | undefined): Promise<Result<string>> => identity.county(asked ?? actor.grants[0]?.county);
  const unitNames = async (county: string, ids: readonly string[], language: Language): Promise<ReadonlyMap<string, string>> =>
    new Map([...await identity.units.get(identity.world.db, county, [...new Set(ids)])].map(([id, { name }]) => [id, name[language]]));

  const wordsOf = (language: Language) => (one: Holding['words'][number]): string => {
    if ('state' in one) return `${stateLabel(one.kind, one.state, language)} ${one.count}`;
    if (!('key' in one)) return (one as Text)[language];
    const params: Params = Object.fromEntries(Object.entries(one.params).map(([name, value]) => {
      if (typeof value !== 'string' || !value.startsWith('@')) return [name, value];
      return [name, value.startsWith('@role:') ? (identity.roles.roles[value.slice(6)]?.label[language] ?? value.slice(6)) : (JSON.parse(value.slice(1)) as Text)[language]];
    }));
    return say(texts(), language, one.key, params);
  };

  const dissolutionView = async (row: Dissolution, language: Language): Promise<DissolutionView> => {
    const [names, units] = await Promise.all([identity.accounts.names(identity.world.db, [row.account]), unitNames(row.county, row.handed.flatMap(({ to }) => (to === null ? [] : [to])), language)]);
    return {
      id: row.id, at: row.at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null, author: names.get(row.account) ?? say(texts(), language, 'author.system'), reason: row.reason, back: row.back_of !== null, left: row.left,
      handed: row.handed.map(({ what, to, count }) => ({ group: say(texts(), language, `group.${groupOf[what] ?? what}`), to: to === null ? null : (units.get(to) ?? to), count })),
    };
  };

  return [
    handle(readHolds, async ({ actor, params, query, language }) => {
      const county = await countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const seen = await offices.holds(actor, county, params.id);
      if (isRefusal(seen)) return seen;
      const tree = await places.tree(county as CountyCode);
      return {
        unit: { id: seen.unit.id, name: seen.unit.name[language], closed: seen.unit.closed_at !== null, places: seen.unit.places.map((code) => ({ code, name: tree.find(code)?.name ?? code })) },
        holds: seen.holds.map(({ group, count, words }) => ({ group, count, words: words.map(wordsOf(language)) })),
        shifts: seen.shifts, blocks: seen.blocks.map(({ reason, params: filling }) => say(textsOf('reasons'), language, reason, filling)),
        dissolutions: await Promise.all(seen.dissolutions.map((row) => dissolutionView(row, language))),
      };
    }),
    handle(previewDissolution, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      if (isRefusal(county)) return county;
      const seen = await offices.judge(actor, county, params.id, body.successors);
      if (isRefusal(seen)) return seen;
      const heir = (group: Group): string | null | undefined => (body.successors as Successors)[group];
      const names = await unitNames(county, Object.values(body.successors).flatMap((one) => (one == null ? [] : [one])), language);
      const effect = (words: string, params: Params, tone: 'plain' | 'warn' | 'done' = 'plain') => ({ words: say(texts(), language, words, params), tone });
      return {
        effects: [
          effect('effect.closed', { unit: seen.unit.name[language] }, 'warn'),
          ...seen.holds.flatMap(({ group, count }) => {
            const to = heir(group);
            if (count === 0) return [];
            return [to === null ? effect('effect.people.end', { count }, 'warn') : effect(`effect.${group}`, { count, unit: names.get(to ?? '') ?? to ?? '' })];
          }),
          ...(seen.shifts > 0 ? [effect('effect.shifts', { count: seen.shifts })] : []),
          effect('effect.back', {}, 'done'),
        ],
      };
    }),
    handle(dissolveUnit, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      if (isRefusal(county)) return county;
      const done = await offices.dissolve(actor, county, params.id, { reason: body.reason, successors: body.successors });
      return isRefusal(done) ? done : dissolutionView(done, language);
    }),
    handle(undoDissolution, async ({ actor, params, body, language }) => {
      const county = await countyOf(actor, body.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'units.edit')) return refuse(403, 'identity.not_permitted');
      const done = await offices.back(actor, county, params.id, body.reason);
      return isRefusal(done) ? done : dissolutionView(done, language);
    }),
  ];
};
