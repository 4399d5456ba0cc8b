import type { Json } from '../../../base/canonical.ts';
import { nextDue, type Clock } from '../rules/clocks.ts';
import type { Held } from '../rules/decide.ts';
import type { Facets, Matter } from '../rules/workflow.ts';

/** Columns of `matter`, as the driver gives them. */
export interface MatterRow {
  readonly county: string; readonly id: string; readonly kind: string; readonly state: string; readonly version: number;
  readonly number: string; readonly title: string; readonly place: string | null; readonly path: string | null;
  readonly lng: number | null; readonly lat: number | null; readonly component: string | null; readonly code: string | null;
  readonly code_version: number | null; readonly lead_unit: string | null; readonly handler: string | null;
  readonly reporter: string | null; readonly parent: string | null; readonly data: Record<string, Json>;
  readonly doers: Record<string, string[]>; readonly due_at: Date | null; readonly warn_at: Date | null;
  readonly due_clock: string | null; readonly created_at: Date; readonly updated_at: Date;
}

/** A row of `clock` as JSON: times are RFC 3339. */
export interface ClockJson {
  readonly name: string; readonly unit: Clock['unit']; readonly amount: number;
  readonly started_at: string; readonly due_at: string | null; readonly warn_at: string | null; readonly provisional: boolean;
  readonly running_since: string | null; readonly paused_at: string | null; readonly stopped_at: string | null;
  readonly spent_ms: number; readonly fired_at: string | null; readonly warned_at: string | null;
}

const ms = (time: string | null): number | null => (time === null ? null : Date.parse(time));
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export const matterOf = (row: MatterRow): Matter => {
  const facets: { -readonly [K in keyof Facets]: Facets[K] } = {};
  if (row.place !== null) facets.place = row.place;
  if (row.path !== null) facets.path = row.path;
  if (row.lng !== null) facets.lng = row.lng;
  if (row.lat !== null) facets.lat = row.lat;
  if (row.component !== null) facets.component = row.component;
  if (row.code !== null) facets.code = row.code;
  if (row.code_version !== null) facets.codeVersion = row.code_version;
  if (row.lead_unit !== null) facets.leadUnit = row.lead_unit;
  if (row.handler !== null) facets.handler = row.handler;
  if (row.reporter !== null) facets.reporter = row.reporter;
  if (row.parent !== null) facets.parent = row.parent;
  return {
    county: row.county, id: row.id, kind: row.kind, state: row.state, version: row.version, number: row.number,
    title: row.title, facets, data: row.data, createdAt: row.created_at.getTime(), updatedAt: row.updated_at.getTime(),
  };
};

export const clockOf = (row: ClockJson): Clock => ({
  name: row.name, unit: row.unit, amount: row.amount, startedAt: Date.parse(row.started_at), dueAt: ms(row.due_at),
  warnAt: ms(row.warn_at), provisional: row.provisional, runningSince: ms(row.running_since), pausedAt: ms(row.paused_at),
  stoppedAt: ms(row.stopped_at), spentMs: row.spent_ms, firedAt: ms(row.fired_at), warnedAt: ms(row.warned_at),
});

/** The 12-digit village in a stored path, by which history lists are read; null above a village. */
const villageOf = (path: string | undefined): string | null => path?.split('/').find((code) => code.length === 12) ?? null;

/** A matter as the write statement reads it out of JSON. `n` numbers the action, `expect` is the version it was decided on. */
export const matterJson = (n: number, expect: number | null, { matter, clocks, doers }: Held, ended: boolean) => {
  const { facets } = matter;
  const next = nextDue(clocks);
  return {
    n, expect, county: matter.county, id: matter.id, kind: matter.kind, state: matter.state, version: matter.version, number: matter.number,
    title: matter.title, place: facets.place ?? null, path: facets.path ?? null, village: villageOf(facets.path),
    lng: facets.lng ?? null, lat: facets.lat ?? null, component: facets.component ?? null, code: facets.code ?? null,
    code_version: facets.codeVersion ?? null, lead_unit: facets.leadUnit ?? null, handler: facets.handler ?? null,
    reporter: facets.reporter ?? null, parent: facets.parent ?? null, data: matter.data, doers,
    due_at: next ? iso(next.dueAt) : null, warn_at: next ? iso(next.warnAt) : null, due_clock: next?.name ?? null,
    created_at: iso(matter.createdAt), updated_at: iso(matter.updatedAt), ended_at: ended ? iso(matter.updatedAt) : null,
  };
};

export const clockJson = (n: number, matter: Matter, clock: Clock) => ({
  n, county: matter.county, matter: matter.id, name: clock.name, kind: matter.kind, unit: clock.unit, amount: clock.amount,
  started_at: iso(clock.startedAt), due_at: iso(clock.dueAt), warn_at: iso(clock.warnAt), provisional: clock.provisional,
  running_since: iso(clock.runningSince), paused_at: iso(clock.pausedAt), stopped_at: iso(clock.stoppedAt),
  spent_ms: Math.round(clock.spentMs), fired_at: iso(clock.firedAt), warned_at: iso(clock.warnedAt),
});

export interface TextJson {
  readonly n: number; readonly county: string; readonly id: string; readonly matter: string; readonly version: number; readonly name: string;
  readonly body: string; /** Hexadecimal. */ readonly salt: string; readonly personal: boolean; readonly author: string; readonly at: string;
}

export interface FileJson {
  readonly n: number; readonly county: string; readonly matter: string; readonly version: number; readonly role: string; readonly served: string;
  readonly original: string; readonly author: string; readonly at: string;
}

export interface OperationJson {
  readonly n: number; readonly county: string; readonly op: string; /** Hexadecimal. */ readonly digest: string; readonly status: number;
  readonly answer: unknown; readonly at: string;
  /** A refusal is remembered whatever becomes of the matters. */
  readonly always: boolean;
}
