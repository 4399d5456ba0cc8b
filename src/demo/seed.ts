import { readFileSync } from 'node:fs';
import { theSystem } from '../base/actor.ts';
import type { CountyCode } from '../base/ids.ts';
import { SeededRandom } from '../base/random.ts';
import { isRefusal, type Result } from '../base/result.ts';
import type { PostDraft } from '../modules/places/index.ts';
import type { DispatchRule } from '../modules/cases/index.ts';
import { placeCameras } from './cameras.ts';
import { makeGeography, type Geography, type PlacedComponent } from './geography.ts';
import { dateOf, readHistoryData, type ScriptSources } from './history.ts';
import type { DemoModules } from './modules.ts';
import { castOf, extraPeople, unmanned, type Cast } from './people.ts';
import { takePictures, type DemoPictures } from './pictures.ts';
import { readDemoTown, type DemoTown } from './town-data.ts';

/** What is remembered of a demo: enough to play it on. */
export interface DemoState {
  readonly seed: string;
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly playedUntil: number;
}

/** 谢家路村, where the demo's grid worker is at home. */
const homeVillage = '330281103203';

const must = <T>(what: string, result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(`demo: ${what}: ${result.reason} ${JSON.stringify(result.params ?? {})} ${JSON.stringify(result.errors?.slice(0, 3) ?? [])}`);
  return result;
};

const owners: Readonly<Record<PlacedComponent['minor'], string>> = {
  lamp: 'lighting', manhole: 'works', drain: 'works', bin: 'sanitation', bench: 'parks', hydrant: 'water', pole: 'works',
};

/** Components with their 16-digit codes: county, major and minor of the table, and a figure of the class. */
const codedComponents = (town: DemoTown, geography: Geography): ScriptSources['components'] => {
  const { minors } = readHistoryData();
  const coded: Partial<Record<PlacedComponent['minor'], (PlacedComponent & { code: string })[]>> = {};
  for (const component of geography.components) {
    const list = (coded[component.minor] ??= []);
    list.push({ ...component, code: `${town.county.code}${minors[component.minor]}${String(list.length + 1).padStart(6, '0')}` });
  }
  return coded as ScriptSources['components'];
};

const csvOf = (components: ScriptSources['components'], random: SeededRandom): string => {
  const lines = ['code,name,lng,lat,accuracy,owner,installed'];
  for (const [minor, list] of Object.entries(components))
    for (const { code, name, at } of list)
      lines.push([code, name, at[0].toFixed(7), at[1].toFixed(7), random.pick(['A', 'A', 'B', 'C']), owners[minor as PlacedComponent['minor']], `20${15 + random.below(10)}-0${1 + random.below(9)}-15`].join(','));
  return `${lines.join('\n')}\n`;
};

/** Login to account id of everybody in the demo; those that are not there yet are made. */
const accountsOf = async ({ identity, places }: DemoModules, town: DemoTown, geography: Geography, seed: string): Promise<Map<string, string>> => {
  const tree = await places.tree(town.county.code as CountyCode);
  const path = (code: string): string => tree.find(code)!.path;
  return identity.createDemoAccounts({
    county: town.county.code,
    places: {
      county: '', town: path(town.town.code), village: path(homeVillage), grid: path(`${homeVillage}001`),
      ...Object.fromEntries(geography.grids.map(({ code }) => [code, path(code)])),
    },
    more: extraPeople(town, geography.grids, seed),
  });
};

/** Everything that stands before anything happens: county, places, people, duty, components, code table, rules. Resets nothing. */
export const buildTown = async (modules: DemoModules, seed: string): Promise<void> => {
  const { world, places, components, catalogue, cases } = modules;
  const town = readDemoTown();
  const county = town.county.code as CountyCode;
  await world.db.query('insert into county (county, name, demo, settings, created_at) values ($1, $2, true, $3, $4)',
    [county, town.county.name, JSON.stringify({ contacts: town.contacts }), new Date(world.now())]);
  const acting = { actor: theSystem, role: 'system' };
  const geography = makeGeography(town, new SeededRandom(`${seed} geography`));
  must('places', await places.importContent(county, acting, geography, { source: 'demo' }));

  const accounts = await accountsOf(modules, town, geography, seed);
  const posts: PostDraft[] = [];
  const day = dateOf(world.now());
  const whole = { weekdays: '1234567', starts: 0, ends: 1440, fromDay: day, untilDay: null };
  geography.grids.forEach(({ code, micro }, index) => {
    if (index >= geography.grids.length - unmanned) return;
    const person = `account:${accounts.get(`grid${code.slice(-9)}`)!}`;
    const neighbour = geography.grids[(index + 1) % (geography.grids.length - unmanned)]!;
    const standIn = `account:${accounts.get(`grid${neighbour.code.slice(-9)}`)!}`;
    for (const place of [code, ...micro]) posts.push({ place, role: 'gridworker', shifts: [{ person, standIn, ...whole }] });
  });
  must('duty', await places.setRoster(county, acting, posts));

  const table = readFileSync(new URL('../../data/standards/yuncheng.tsv', import.meta.url));
  must('code table', await catalogue.importTable(theSystem, county, { source: { name: 'yuncheng.tsv', bytes: table }, defaultHour: 'workingHour', effectiveAt: 0, name: '运城市数字化城市管理立案结案标准（公开表，演示用）' }));
  must('components', await components.importTable(theSystem, county, { source: { name: 'demo.csv', bytes: Buffer.from(csvOf(codedComponents(town, geography), new SeededRandom(`${seed} components`))) } }));
  const plated = codedComponents(town, geography).lamp.map(({ code }) => code);
  for (let from = 0; from < plated.length; from += 500) {
    const issued = must('plates', await components.issuePlates(theSystem, county, 'component', plated.slice(from, from + 500)));
    must('plates that hang', await components.book.set(theSystem, county, { op: `00000000-0000-7000-8000-${String(from).padStart(12, '0')}`, state: 'attached', plates: issued.map(({ plate }) => plate) }));
  }
  const { rules } = JSON.parse(readFileSync(new URL('../../data/demo/dispatch-rules.json', import.meta.url), 'utf8')) as { rules: DispatchRule[] };
  must('dispatch rules', await cases.routing.set(theSystem, county, 0, rules));
  await placeCameras(modules, county, geography.components.filter(({ minor }) => minor === 'lamp').map(({ at }) => at));
  await modules.refresh();
};

/** What a history is played with. Depends on the seed alone, so it can be made anew at every start. */
export const prepareHistory = async (modules: DemoModules, seed: string): Promise<{ county: CountyCode; sources: ScriptSources; cast: Cast; pictures: DemoPictures; residents: readonly string[] }> => {
  const { world, identity, catalogue } = modules;
  const town = readDemoTown();
  const county = town.county.code as CountyCode;
  const geography = makeGeography(town, new SeededRandom(`${seed} geography`));
  const version = catalogue.currentVersion(county, world.now());
  if (version === undefined) throw new Error('demo: the code table is not there');
  const rows = catalogue.rows(county, version);
  const accounts = await accountsOf(modules, town, geography, seed);
  const residents: string[] = [];
  for (let n = 1; n <= 60; n++) residents.push(must('resident', await identity.contacts.contactByPhone(world.db, county, `1390000${String(n).padStart(4, '0')}`, 'zh-Hans')).id);
  return {
    county, residents,
    sources: {
      grids: geography.grids, components: codedComponents(town, geography), data: readHistoryData(),
      row: (code, condition) => {
        const found = rows.filter((row) => row.code === code && row.limit !== null);
        const row = found.find(({ openCondition }) => openCondition.startsWith(condition)) ?? found[0];
        if (!row) throw new Error(`demo: the code table has no row ${code} ${condition}`);
        return row.key;
      },
    },
    cast: await castOf(modules, county, accounts),
    pictures: await takePictures(modules, county),
  };
};
