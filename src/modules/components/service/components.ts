import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '../../../base/actor.ts';
import { boxAround, metresBetween, type Box } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Language, Text } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { Field } from '../../../platform/tables/records.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Places } from '../../places/index.ts';
import { readClasses, type Classes, type ClassesFile } from '../rules/classes.ts';
import { mentionsIn } from '../rules/mentions.ts';
import { nearness, type AccuracyClass, type Nearness } from '../rules/nearness.ts';
import {
  codesOfUnit, componentsByCode, componentsOnRoad, componentsWithin, countComponents, countOfUnit, giveComponents, listComponents, movePlaces, nearestComponents, pointsAfter,
  type ComponentFilter, type ComponentRow, holdCounty, ownersDigest,
} from '../store/components.ts';
import { importComponents, type ComponentsOrder, type ComponentsReport, type ImportNeeds } from './import.ts';
import { createPlateBook, type PlateBook } from './plate-book.ts';
import { createPlates, type Plates } from './plates.ts';

/** A component as other modules see it. */
export interface Component {
  readonly county: string;
  /** 16 digits. */
  readonly code: string;
  /** Class as the code table has it: `0137`. */
  readonly standard: string;
  /** The class in the county's own language: 路灯. */
  readonly className: string;
  /** 光明路3号灯 */
  readonly name: string;
  readonly road: string | null;
  readonly ordinal: number | null;
  /** WGS-84 degrees. */
  readonly lng: number;
  readonly lat: number;
  readonly accuracy: AccuracyClass;
  /** Id and stored path of the grid that it stands in. */
  readonly place: string | null;
  readonly path: string | null;
  readonly ownerUnit: string | null;
  readonly managerUnit: string | null;
  /** `faulty` while a case about it is open, else as surveyed: `intact`, `damaged`, `lost`, `abandoned`, `removed`. */
  readonly state: string;
  readonly openCases: number;
  /** `2024-05-01` */
  readonly installed: string | null;
  readonly plate: string | null;
}

export interface Nearest extends Nearness {
  readonly component: Component;
}

export interface NearestAsk {
  /** Classes to look among; all where absent. */
  readonly classes?: readonly string[];
  readonly limit?: number;
  /** 100 where absent. */
  readonly withinMetres?: number;
  /** What the device said of its position, as the radius of 95 %; with it, the likeliest come first, else the nearest. */
  readonly accuracyMetres?: number;
}

/** What stands in the streets, who has it, and whether a case about it is open. */
export interface Components extends Plates {
  readonly classes: Classes;
  /** Batches of plates and what became of each. */
  readonly book: PlateBook;
  /** States by key, with their names; `faulty` among them. */
  readonly states: Readonly<Record<string, Text>>;
  find(county: string, code: string): Promise<Component | undefined>;
  /** Components by code, in the codes' order; those that are not there are left out. */
  many(county: string, codes: readonly string[]): Promise<Component[]>;
  /** A page of components by code. */
  list(county: string, filter: Partial<ComponentFilter>, after: string, limit: number): Promise<Component[]>;
  /**
   * The components nearest to a WGS-84 point, with what the distance means: an interval that the true distance lies in, and
   * how likely each is the one meant (see `nearness` for the model). Exactly the nearest, in metres at this latitude.
   */
  nearest(county: string, lng: number, lat: number, ask?: NearestAsk): Promise<Nearest[]>;
  /** Components in a box, at most `limit`. */
  within(county: string, box: Box, ask?: { readonly classes?: readonly string[]; readonly limit?: number }): Promise<Component[]>;
  /** Components that a text names by road, number and kind, such as 光明路3号灯. */
  named(county: string, text: string): Promise<Component[]>;
  /** The component that carries a plate; undefined for any other plate. */
  byPlate(county: string, plate: string): Promise<Component | undefined>;
  /** Metres from a component's surveyed position to a WGS-84 point. */
  metres(component: Pick<Component, 'lng' | 'lat'>, lng: number, lat: number): number;
  /** Components of each class, and how many of them are faulty. */
  counts(county: string): Promise<{ readonly class: string; readonly all: number; readonly faulty: number }[]>;
  /**
   * Imports components from CSV, TSV, XLSX or GeoJSON, whole or not at all.
   * Refusals: 403 `identity.not_permitted`, 422 `components.import` with line, column, value and rule of each error.
   */
  importTable(actor: Actor, county: string, order: ComponentsOrder): Promise<Result<ComponentsReport>>;
  /** How many components a unit owns, and how many it looks after. */
  ofUnit(county: string, unit: string): Promise<{ readonly owner: number; readonly manager: number }>;
  /** Codes of some components that a unit owns or looks after. */
  codesOf(county: string, as: 'owner' | 'manager', unit: string, limit: number): Promise<string[]>;
  /** Gives components that are still one unit's to another, with one entry. Refusal: 403 `identity.not_permitted`. @returns how many */
  give(actor: Actor, county: string, order: { readonly as: 'owner' | 'manager'; readonly from: string; readonly to: string; readonly codes: readonly string[] }): Promise<Result<number>>;
  /** Places every component anew, after the county's grids changed. @returns how many moved to another place. */
  relocate(county: string): Promise<number>;
}

const dataFile = (name: string): unknown => JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/components', name), 'utf8'));

const required = new Set(['code', 'lng', 'lat']);
/** The county's own names are in simplified Chinese. */
const countyLanguage: Language = 'zh-Hans';
/** Candidates that a likelihood is worked out among. */
const candidates = 32;

export const createComponents = (
  world: World, ledger: Pick<Ledger, 'append' | 'sequencer'>, identity: Pick<Identity, 'permits' | 'units' | 'zone'>, places: Pick<Places, 'tree'>,
): Components => {
  const classes = readClasses(dataFile('classes.json') as ClassesFile);
  const stateFile = dataFile('states.json') as Record<string, { readonly name: Text; readonly said: readonly string[] }>;
  const states = Object.fromEntries(Object.entries(stateFile).map(([key, { name }]) => [key, name]));
  const saidStates = new Map(Object.entries(stateFile).filter(([key]) => key !== 'faulty').flatMap(([key, { said }]) => [key, ...said].map((word) => [word, key] as const)));
  const fields: Field[] = Object.entries(dataFile('columns.json') as Record<string, string[]>).map(([name, titles]) => ({ name, titles, required: required.has(name) }));
  const needs: ImportNeeds = { world, ledger, identity, places, classes, fields, stateOf: (text) => saidStates.get(text) };
  const plates = createPlates(world, ledger, identity);

  const componentOf = ({ class: standard, owner, manager, state, openCases, ...row }: ComponentRow): Component => ({
    ...row, standard, className: classes.find(standard)?.name[countyLanguage] ?? standard, ownerUnit: owner, managerUnit: manager,
    state: openCases > 0 ? 'faulty' : state, openCases,
  });
  const many = async (county: string, codes: readonly string[]): Promise<Component[]> => {
    if (codes.length === 0) return [];
    const found = new Map((await componentsByCode(world.db, county, codes)).map((row) => [row.code, componentOf(row)]));
    return codes.flatMap((code) => found.get(code) ?? []);
  };
  const find = async (county: string, code: string): Promise<Component | undefined> => (await many(county, [code]))[0];
  const metres: Components['metres'] = (component, lng, lat) => metresBetween(component.lng, component.lat, lng, lat);

  return {
    ...plates, classes, states, find, many, metres,
    book: createPlateBook({ world, ledger, identity, places }),
    list: async (county, { class: of = null, state = null, path = null, unit = null, text = null, road = null }, after, limit) =>
      (await listComponents(world.db, county, { class: of, state, path, unit, text, road }, after, limit)).map(componentOf),

    async nearest(county, lng, lat, { classes: among, limit = 5, withinMetres = 100, accuracyMetres } = {}) {
      const wanted = accuracyMetres === undefined ? limit : Math.max(limit, candidates);
      const rows = await nearestComponents(world.db, county, lng, lat, boxAround(lng, lat, withinMetres), Math.max(0.01, Math.cos((lat * Math.PI) / 180)), among ?? null, wanted);
      // The box has corners beyond the circle.
      const found = rows.map(componentOf).map((component) => ({ component, metres: metres(component, lng, lat), accuracy: component.accuracy }))
        .filter((one) => one.metres <= withinMetres)
        .sort((a, b) => a.metres - b.metres || (a.component.code < b.component.code ? -1 : 1));
      // A point of which nobody says how good it is, is taken as a phone's among houses.
      const rated = nearness(found, accuracyMetres ?? 10).map((near, i) => ({ ...near, component: found[i]!.component }));
      if (accuracyMetres !== undefined) rated.sort((a, b) => b.likelihood - a.likelihood || a.metres - b.metres);
      return rated.slice(0, limit);
    },

    within: async (county, box, { classes: among, limit = 300 } = {}) => (await componentsWithin(world.db, county, box, among ?? null, limit)).map(componentOf),

    async named(county, text) {
      const found = new Map<string, Component>();
      for (const { roads, ordinal, classes: among } of mentionsIn(text.slice(0, 2_000), classes))
        for (const row of await componentsOnRoad(world.db, county, roads, ordinal, among, 5)) found.set(row.code, componentOf(row));
      return [...found.values()];
    },

    async byPlate(county, text) {
      const found = await plates.plate(county, text);
      return isRefusal(found) || found.kind !== 'component' ? undefined : find(county, found.target);
    },

    counts: (county) => countComponents(world.db, county),
    importTable: (actor, county, order) => importComponents(needs, actor, county, order),

    ofUnit: (county, unit) => countOfUnit(world.db, county, unit),
    codesOf: (county, as, unit, limit) => codesOfUnit(world.db, county, as, unit, limit),
    async give(actor, county, { as, from, to, codes }) {
      const right = identity.permits(actor, county, 'components.edit');
      if (!right) return refuse(403, 'identity.not_permitted');
      const now = world.now();
      const given = await world.db.transaction(async (tx) => {
        // One at a time, like a survey: the digest is of all rows.
        await holdCounty(tx, county);
        const moved = await giveComponents(tx, county, as, from, to, codes, new Date(now));
        if (moved.length > 0) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'components', action: 'give', set: { as, from, to, count: moved.length, digest: createHash('sha256').update(moved.sort().join(' ')).digest('hex'), ownersDigest: await ownersDigest(tx, county) } }, actor, right, now)]);
        return moved.length;
      });
      ledger.sequencer.nudge(county);
      return given;
    },

    async relocate(county) {
      const tree = await places.tree(county as CountyCode);
      let count = 0;
      for (let after = ''; ;) {
        const batch = await pointsAfter(world.db, county, after, 5_000);
        const moved = batch.flatMap(({ code, lng, lat, path }) => {
          const at = tree.locate(lng, lat);
          return at.path === path ? [] : [{ code, place: at.place, path: at.path }];
        });
        if (moved.length > 0) await movePlaces(world.db, county, moved);
        count += moved.length;
        if (batch.length < 5_000) return count;
        after = batch.at(-1)!.code;
      }
    },
  };
};
