import type { Actor, Grant } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Places } from '../../places/index.ts';
import { sheetsOf, type PlateSheet } from '../rules/area.ts';
import { readPlate, showPlate } from '../rules/plate-codes.ts';
import { batchAtMost, isRevoked, plateMoves, type PlateKind, type PlateState } from '../rules/plate-states.ts';
import { componentsByCode, listComponents, type ComponentFilter } from '../store/components.ts';
import * as store from '../store/plates.ts';
import { shippedSheets } from './area.ts';
import { drawBlank, drawPlates } from './plates.ts';

/** What plates are to be made for. */
export interface BatchOrder {
  readonly op: string;
  readonly name: string;
  readonly sheet: string;
  readonly kind: PlateKind;
  readonly codes?: readonly string[];
  readonly filter?: { readonly class?: string; readonly state?: string; readonly place?: string; readonly road?: string; readonly q?: string; readonly unit?: string };
  readonly count?: number;
  readonly dryRun?: boolean;
}

/** How many were chosen, how many get a plate, how many have one, and how many sheets of paper that is. */
export interface BatchCount {
  readonly batch: string | null;
  readonly chosen: number;
  readonly fresh: number;
  readonly have: number;
  readonly paper: number;
}

/** What became of plates that were to be put into a state. */
export interface PlatesSet {
  readonly done: number;
  readonly refused: readonly { readonly plate: string; readonly reason: string; readonly params: Readonly<Record<string, string>> }[];
  /** Targets whose plate is new. */
  readonly fresh: Readonly<Record<string, string>>;
}

/** 标牌台账: batches, states and whereabouts of plates. Every change is an entry `plates` of the ledger, named as the state. */
export interface PlateBook {
  /** Sheets of paper that plates can be printed on. */
  sheets(county: string): Promise<readonly PlateSheet[]>;
  settings(county: string): ReturnType<typeof store.readSettings>;
  /** Refusals: 403; 422 `components.batch_nothing`, `components.batch_most`, `components.batch_choose`, `components.no_sheet`, `components.no_component`, `components.no_place`. */
  make(actor: Actor, county: string, order: BatchOrder): Promise<Result<BatchCount>>;
  batches(county: string, after: { readonly at: Date; readonly batch: string } | null, limit: number): Promise<store.BatchRow[]>;
  batch(county: string, id: string): Promise<store.BatchRow | undefined>;
  states(county: string, batches: readonly string[]): ReturnType<typeof store.countStates>;
  platesOf(county: string, batch: string): Promise<store.PlateRow[]>;
  list(county: string, filter: Omit<Partial<store.PlateFilter>, 'codes'>, after: string, limit: number): Promise<store.ListedPlate[]>;
  steps(county: string, plate: string): Promise<Result<store.StepRow[]>>;
  /** Puts plates into a state; those that may not go there are named and stay. Refusals: 403, 404 `components.no_batch`, 422 `components.batch_choose`. */
  set(actor: Actor, county: string, order: { readonly op: string; readonly state: PlateState; readonly plates?: readonly string[]; readonly batch?: string; readonly photo?: string }): Promise<Result<PlatesSet>>;
  /**
   * Hangs a plate up at a component. Refusals: 403; 404 `components.plate_unknown`, `components.no_component`; 409
   * `components.plate_elsewhere` where it stands for something else, `components.plate_revoked`; 422 `components.plate_misread`.
   */
  attach(actor: Actor, county: string, order: { readonly op: string; readonly plate: string; readonly code: string; readonly photo?: string; readonly doneAt?: string }): Promise<Result<{ readonly plate: string; readonly code: string; readonly name: string; readonly replaced: string | null }>>;
  /** Which of these pictures show a plate. */
  photos(county: string, digests: readonly string[]): Promise<string[]>;
}

/** Ends the transaction with a refusal. */
class Stopped extends Error {
  readonly refusal;
  constructor(refusal: ReturnType<typeof refuse>) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

interface BookNeeds {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly identity: Pick<Identity, 'permits'>;
  readonly places: Pick<Places, 'tree'>;
}

export const createPlateBook = ({ world, ledger, identity, places }: BookNeeds): PlateBook => {
  const shipped = shippedSheets();
  const settings: PlateBook['settings'] = (county) => store.readSettings(world.db, county);
  const sheets: PlateBook['sheets'] = async (county) => sheetsOf(shipped, await settings(county));
  const entry = (county: string, actor: Actor, grant: Pick<Grant, 'role' | 'unit'>, now: number, action: string, set: Parameters<typeof entryOf>[0]['set']) =>
    entryOf({ county, subject: 'config', kind: 'plates', action, set }, actor, grant, now);

  /** Codes of what was chosen, in order. */
  const chosenOf = async (county: string, { kind, codes, filter }: BatchOrder): Promise<Result<readonly string[]>> => {
    const tree = await places.tree(county as CountyCode);
    const within = filter?.place === undefined ? undefined : tree.find(filter.place);
    if (filter?.place !== undefined && !within) return refuse(422, 'components.no_place', { place: filter.place });
    if (kind === 'gate') {
      if (codes) {
        const missing = codes.find((code) => !tree.find(code));
        return missing === undefined ? [...new Set(codes)] : refuse(422, 'components.no_place', { place: missing });
      }
      // What people call a place here: villages and grids; the county itself gets no plate.
      return [...tree.all()].filter((place) => (place.level === 'village' || place.level === 'grid') && (!within || place.path.startsWith(within.path)) && (!filter?.q || place.name.includes(filter.q)))
        .map(({ code }) => String(code)).sort();
    }
    if (codes) {
      const found = new Set((await componentsByCode(world.db, county, codes)).map(({ code }) => code));
      const missing = codes.find((code) => !found.has(code));
      return missing === undefined ? [...new Set(codes)] : refuse(422, 'components.no_component', { code: missing });
    }
    const asked: ComponentFilter = { class: filter?.class ?? null, state: filter?.state ?? null, path: within?.path ?? null, unit: filter?.unit ?? null, text: filter?.q?.trim() || null, road: filter?.road?.trim() || null };
    // Plates go along a road in the order of its numbers, so that a sheet is hung up in one walk.
    return (await listComponents(world.db, county, asked, '', 20_000)).filter(({ state }) => state !== 'removed').sort((a, b) => (a.road ?? '').localeCompare(b.road ?? '', 'zh') || (a.ordinal ?? 0) - (b.ordinal ?? 0) || (a.code < b.code ? -1 : 1)).map(({ code }) => code);
  };

  return {
    sheets, settings,

    async make(actor, county, order) {
      const grant = identity.permits(actor, county, 'plates.print');
      if (!grant) return refuse(403, 'identity.not_permitted');
      const sheet = (await sheets(county)).find(({ key }) => key === order.sheet);
      if (!sheet) return refuse(422, 'components.no_sheet', { sheet: order.sheet });
      const made = order.dryRun ? undefined : await store.findBatch(world.db, county, order.op);
      const counted = (chosen: number, fresh: number, batch: string | null): BatchCount => ({ batch, chosen, fresh, have: chosen - fresh, paper: Math.ceil(fresh / (sheet.columns * sheet.rows)) });
      if (made) return counted(made.plates, made.plates, made.batch);
      if (order.kind === 'blank' ? order.count === undefined : order.codes === undefined && order.filter === undefined) return refuse(422, 'components.batch_choose');
      const chosen = order.kind === 'blank' ? [] : await chosenOf(county, order);
      if (isRefusal(chosen)) return chosen;
      const have = new Set((await store.platesOf(world.db, county, order.kind, chosen)).map(({ target }) => target));
      const wanted = chosen.filter((code) => !have.has(code));
      const count = order.kind === 'blank' ? order.count! : wanted.length;
      const all = order.kind === 'blank' ? count : chosen.length;
      if (order.dryRun) return counted(all, count, null);
      if (count === 0) return refuse(422, 'components.batch_nothing', { chosen: all });
      if (count > batchAtMost) return refuse(422, 'components.batch_most', { count, most: batchAtMost });
      const now = world.now();
      const doing = { at: new Date(now), by: actor.id, op: order.op, batch: order.op };
      const fresh = await world.db.transaction(async (tx) => {
        if (!(await store.insertBatch(tx, county, { batch: order.op, name: order.name.trim(), kind: order.kind, sheet: order.sheet, plates: count, made_at: doing.at, made_by: actor.id }))) return count;
        const drawn = order.kind === 'blank' ? await drawBlank(world, tx, county, count, doing) : (await drawPlates(world, tx, county, order.kind, wanted, doing)).fresh;
        await ledger.append(tx, [entry(county, actor, grant, now, 'issue', { batch: order.op, plateKind: order.kind, plates: drawn })]);
        return Object.keys(drawn).length;
      });
      ledger.sequencer.nudge(county);
      return counted(all, fresh, order.op);
    },

    batches: (county, after, limit) => store.batchesBefore(world.db, county, after, limit),
    batch: (county, id) => store.findBatch(world.db, county, id),
    states: (county, batches) => store.countStates(world.db, county, batches),
    platesOf: (county, batch) => store.platesOfBatch(world.db, county, batch),

    async list(county, { state = null, kind = null, batch = null, path = null, text = null }, after, limit) {
      const codes = path === null ? null : [...(await places.tree(county as CountyCode)).all()].filter((place) => place.path.startsWith(path)).map(({ code }) => String(code));
      const typed = text === null ? null : (readPlate(text) ?? text.trim());
      return store.listPlates(world.db, county, { state, kind, batch, path, codes, text: typed }, after, limit);
    },

    async steps(county, text) {
      const plate = readPlate(text);
      if (plate === null) return refuse(422, 'components.plate_misread', { text: text.slice(0, 40) });
      const found = await store.plateByCode(world.db, county, plate);
      return found ? store.stepsOf(world.db, county, plate) : refuse(404, 'components.plate_unknown', { plate });
    },

    async set(actor, county, { op, state, plates, batch, photo }) {
      const grant = identity.permits(actor, county, 'plates.print');
      if (!grant) return refuse(403, 'identity.not_permitted');
      if ((plates === undefined) === (batch === undefined)) return refuse(422, 'components.batch_choose');
      if (batch !== undefined && !(await store.findBatch(world.db, county, batch))) return refuse(404, 'components.no_batch');
      const wanted = batch === undefined ? [...new Set(plates!.map((text) => readPlate(text) ?? text))] : (await store.platesOfBatch(world.db, county, batch)).map(({ plate }) => plate);
      const now = world.now();
      const doing = { at: new Date(now), by: actor.id, op, photo: photo ?? null };
      const set = await world.db.transaction(async (tx): Promise<PlatesSet> => {
        const rows = new Map((await store.lockPlates(tx, county, wanted)).map((row) => [row.plate, row]));
        const before = await store.stepsOfOp(tx, county, op);
        if (before.length > 0) {
          const fresh = Object.fromEntries(before.filter((one) => one.state === 'ordered' && !wanted.includes(one.plate)).map(({ target, plate }) => [target, plate]));
          return { done: before.length - Object.keys(fresh).length, refused: [], fresh };
        }
        const refused: PlatesSet['refused'][number][] = [];
        const moving: store.PlateRow[] = [];
        const hanging = new Map<string, string>();
        for (const kind of new Set([...rows.values()].map((row) => row.kind)))
          for (const one of await store.platesOf(tx, county, kind, [...rows.values()].filter((row) => row.kind === kind).map(({ target }) => target))) hanging.set(`${kind} ${one.target}`, one.plate);
        for (const plate of wanted) {
          const row = rows.get(plate);
          const other = row && hanging.get(`${row.kind} ${row.target}`);
          if (!row) refused.push({ plate, reason: 'components.plate_unknown', params: { plate } });
          // Of a whole batch, those that are further on already are not gone back with, and nothing is said about them.
          else if (batch !== undefined && (state === 'printed' ? row.state !== 'ordered' : row.state === state || isRevoked(row.state))) continue;
          else if (!plateMoves[row.state].includes(state)) refused.push({ plate, reason: 'components.plate_no_way', params: { from: row.state, to: state } });
          else if (!isRevoked(state) && other !== undefined && other !== plate) refused.push({ plate, reason: 'components.plate_has_other', params: { other: showPlate(other) } });
          else if (state === 'replaced' && other !== undefined && other !== plate) refused.push({ plate, reason: 'components.plate_has_other', params: { other: showPlate(other) } });
          else {
            if (!isRevoked(state)) hanging.set(`${row.kind} ${row.target}`, plate);
            moving.push(row);
          }
        }
        if (moving.length === 0) return { done: 0, refused, fresh: {} };
        await store.movePlates(tx, county, moving.map((row) => ({ ...row, state })), doing);
        const entries = [entry(county, actor, grant, now, state, { plates: moving.map(({ plate }) => plate), op, ...(batch !== undefined && { batch }), ...(photo !== undefined && { photo }) })];
        const fresh: Record<string, string> = {};
        if (state === 'replaced')
          for (const kind of new Set(moving.map((row) => row.kind))) {
            const targets = moving.filter((row) => row.kind === kind).map(({ target }) => target);
            const drawn = kind === 'blank' ? await drawBlank(world, tx, county, targets.length, doing) : (await drawPlates(world, tx, county, kind, targets, doing)).fresh;
            entries.push(entry(county, actor, grant, now, 'issue', { plateKind: kind, plates: drawn }));
            Object.assign(fresh, drawn);
          }
        await ledger.append(tx, entries);
        return { done: moving.length, refused, fresh };
      });
      ledger.sequencer.nudge(county);
      return set;
    },

    async attach(actor, county, { op, plate: text, code, photo, doneAt }) {
      const plate = readPlate(text);
      if (plate === null) return refuse(422, 'components.plate_misread', { text: text.slice(0, 40) });
      const [component] = await componentsByCode(world.db, county, [code]);
      if (!component) return identity.permits(actor, county, 'plates.attach') ? refuse(404, 'components.no_component', { code }) : refuse(403, 'identity.not_permitted');
      const grant = identity.permits(actor, county, 'plates.attach', component.path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const now = world.now();
      const doing = { at: new Date(now), by: actor.id, op, photo: photo ?? null };
      const answer = (replaced: string | null) => ({ plate, code, name: component.name, replaced });
      try {
        const done = await world.db.transaction(async (tx) => {
          const before = await store.stepsOfOp(tx, county, op);
          if (before.length > 0) return answer(before.find((one) => one.plate !== plate)?.plate ?? null);
          const had = (await store.platesOf(tx, county, 'component', [code]))[0]?.plate ?? null;
          const rows = await store.lockPlates(tx, county, had === null ? [plate] : [plate, had]);
          const row = rows.find((one) => one.plate === plate);
          if (!row) throw new Stopped(refuse(404, 'components.plate_unknown', { plate }));
          if (isRevoked(row.state)) throw new Stopped(refuse(409, 'components.plate_revoked', { plate: showPlate(plate) }));
          if (row.kind !== 'blank' && !(row.kind === 'component' && row.target === code)) {
            const [other] = row.kind === 'component' ? await componentsByCode(tx, county, [row.target]) : [];
            throw new Stopped(refuse(409, 'components.plate_elsewhere', { plate: showPlate(plate), name: other?.name ?? row.target }));
          }
          const old = had !== null && had !== plate ? had : null;
          if (old !== null) await store.movePlates(tx, county, [{ plate: old, state: 'replaced', kind: 'component', target: code }], { ...doing, photo: null });
          await store.movePlates(tx, county, [{ plate, state: 'attached', kind: 'component', target: code }], doing);
          await ledger.append(tx, [
            ...(old === null ? [] : [entry(county, actor, grant, now, 'replaced', { plates: [old], op })]),
            entry(county, actor, grant, now, 'attached', { plates: [plate], component: code, op, ...(photo !== undefined && { photo }), ...(doneAt !== undefined && { 'done.at': doneAt }) }),
          ]);
          return answer(old);
        });
        ledger.sequencer.nudge(county);
        return done;
      } catch (error) {
        if (error instanceof Stopped) return error.refusal;
        // Somebody hung another plate up at the same component in the same moment.
        if ((error as { code?: unknown }).code === '23505') return refuse(409, 'components.plate_elsewhere', { plate: showPlate(plate), name: component.name });
        throw error;
      }
    },

    photos: (county, digests) => store.photosAmong(world.db, county, digests),
  };
};
