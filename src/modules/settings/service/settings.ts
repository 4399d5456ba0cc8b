import type { TSchema } from 'typebox';
import type { Actor, Grant } from '../../../base/actor.ts';
import { canonical, type Json } from '../../../base/canonical.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import type { Language } from '../../../base/text/language.ts';
import { bodyCheck, type Check } from '../../../platform/http/reading/values.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger, TraceChecker } from '../../ledger/index.ts';
import { differences } from '../rules/difference.ts';
import { changeWords, type SaidChange, type SchemaShape } from '../rules/said.ts';
import { documentIn, isPath, seatOf, withAt, withDocument, type Seat, type Tree } from '../rules/tree.ts';
import { holdSettings, insertVersion, newestVersion, newestVersions, readSettings, versionsBelow, versionWithBefore, writeSettings, type VersionRow } from '../store.ts';
import { bare, type Area, type Effect } from './areas.ts';
import { documentDigest, settingsChecker } from './tracing.ts';

/** A version beside its document; `author` is an account's id. */
export type Version = Omit<VersionRow, 'document'>;

/** What a county sets for itself: versioned, with author, effect and a way back. */
export interface Settings {
  /** Owners say what may be set; once, when the modules are opened. @throws where the name or the path is taken. */
  declare(area: Area): void;
  /** All areas in the order in which they were declared. */
  readonly areas: () => readonly Area[];
  /** The grant by which somebody may read settings; undefined where there is none. */
  reads(actor: Actor, county: string): Grant | undefined;
  /** The grant by which somebody may change an area. */
  edits(actor: Actor, county: string, area: Area): Grant | undefined;
  /** A county's own document; null where all is as shipped. */
  document(county: string, area: string): Promise<Json>;
  /** All that a county has set, as its row holds it. */
  all(county: string): Promise<Tree>;
  newest(county: string): Promise<ReadonlyMap<string, Version>>;
  versions(county: string, area: string, below: number | null, limit: number): Promise<readonly Version[]>;
  /** A version with what it changed, and what going back to it would change and do; undefined where there is none. */
  version(county: string, area: string, version: number, language: Language): Promise<{ readonly version: Version; readonly changed: readonly SaidChange[]; readonly back: readonly SaidChange[]; readonly effects: readonly Effect[] } | undefined>;
  /** What a document would change and do. Refusals: 404 `settings.area`, 422 with what is wrong where. */
  preview(county: string, area: string, document: Json, language: Language): Promise<Result<{ readonly version: number; readonly changes: readonly SaidChange[]; readonly effects: readonly Effect[] }>>;
  /**
   * Sets an area, on top of the version that was read, as its next version with its entry, in one transaction.
   * Refusals: 403 `identity.not_permitted`, 404 `settings.area`, 409 `settings.moved`, 409 `settings.same`, 422 with what is wrong where.
   */
  save(actor: Actor, county: string, area: string, change: { readonly base: number; readonly document: Json; readonly note?: string }): Promise<Result<{ readonly version: number; readonly said: readonly Effect[] }>>;
  /** Makes an earlier version's document the next version; 0 is what ships. Refusals as of `save`, 404 `settings.version`. */
  back(actor: Actor, county: string, area: string, change: { readonly base: number; readonly version: number; readonly note?: string }): Promise<Result<{ readonly version: number; readonly said: readonly Effect[] }>>;
  /** Sets one member, or takes it away where `value` is undefined; `path` goes down `county.settings`. Refusals as of `save`, 422 `settings.member`. */
  set(actor: Actor, county: string, path: readonly string[], value: Json | undefined): Promise<Result<{ readonly version: number; readonly said: readonly Effect[] }>>;
  /** What `trace verify` compares. */
  readonly checker: TraceChecker;
}

/** Bytes that a document may have. */
const documentBytes = 512 * 1024;

const texts = () => textsOf('settings');

export const createSettings = (world: World, ledger: Pick<Ledger, 'append' | 'sequencer'>, identity: Pick<Identity, 'permits' | 'accounts'>): Settings => {
  const { db } = world;
  const areas = new Map<string, Area & { readonly judge: Check }>();
  const paths = (): ReadonlyMap<string, readonly string[]> => new Map([...areas].map(([name, { path }]) => [name, path]));
  const seat = ({ path }: Area): Seat => seatOf(path, [...paths().values()]);

  const judge = async (county: string, area: Area & { readonly judge: Check }, document: Json): Promise<Refusal | undefined> => {
    if (document === null) return undefined;
    if (canonical(document).length > documentBytes) return refuse(422, 'settings.too_large');
    const shaped = area.judge(document);
    if (isRefusal(shaped)) return shaped;
    const right = await area.check?.(county, document);
    return isRefusal(right) ? right : undefined;
  };

  const moved = async (last: Version | undefined): Promise<Refusal> =>
    refuse(409, 'settings.moved', {
      version: last?.version ?? 0, at: (last?.at ?? new Date(world.now())).toISOString(),
      who: (last?.author && (await identity.accounts.names(db, isAccount(last.author) ? [last.author] : [])).get(last.author)) || '–',
    });

  const write = async (
    actor: Actor, county: string, name: string, base: number | undefined, make: (before: Json) => Result<Json>, note: string, backTo: number | null,
  ): Promise<Result<{ readonly version: number; readonly said: readonly Effect[] }>> => {
    const area = areas.get(name);
    if (!area) return refuse(404, 'settings.area', { area: name });
    const right = area.edit.map((permission) => identity.permits(actor, county, permission)).find((grant) => grant !== undefined);
    if (!right) return refuse(403, 'identity.not_permitted');
    const now = world.now();
    const done = await db.transaction(async (tx): Promise<Result<number>> => {
      const settings = await holdSettings(tx, county);
      if (!settings) return refuse(422, 'identity.county', { county });
      const last = await newestVersion(tx, county, name);
      if (base !== undefined && base !== (last?.version ?? 0)) return moved(last);
      const before = documentIn(settings, seat(area));
      const made = make(before);
      if (isRefusal(made)) return made;
      const document = bare(made as Json);
      const wrong = await judge(county, area, document);
      if (wrong) return wrong;
      if (canonical(before) === canonical(document)) return refuse(409, 'settings.same');
      let version = last?.version ?? 0;
      // What stood before versions were kept is the first one, so that there is a way back to it.
      if (version === 0 && before !== null) await insertVersion(tx, county, name, { version: ++version, document: before, author: null, at: new Date(now), note: '', backTo: null });
      version++;
      await insertVersion(tx, county, name, { version, document, author: actor.id, at: new Date(now), note, backTo });
      await writeSettings(tx, county, withDocument(settings, seat(area), document));
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'settings', action: backTo === null ? 'set' : 'back',
        set: { area: name, version, digest: documentDigest(document), ...(backTo !== null && { backTo }) },
      }, actor, right, now)]);
      return version;
    });
    if (isRefusal(done)) return done;
    ledger.sequencer.nudge(county);
    return { version: done as number, said: (await area.changed?.(county)) ?? [] };
  };

  const said = (area: Area, before: Json, after: Json, language: Language): SaidChange[] =>
    differences(before, after).map((one) => changeWords(area.schema as unknown as SchemaShape, area.name, one, texts(), language));

  return {
    declare(area) {
      if (areas.has(area.name) || !isPath(area.path) || [...areas.values()].some(({ path }) => path.join('.') === area.path.join('.'))) throw new Error(`settings: ${area.name} is declared twice, or its path is`);
      areas.set(area.name, { ...area, judge: bodyCheck(area.schema as TSchema) });
    },
    areas: () => [...areas.values()],
    reads: (actor, county) => identity.permits(actor, county, 'settings.read'),
    edits: (actor, county, area) => area.edit.map((permission) => identity.permits(actor, county, permission)).find((grant) => grant !== undefined),
    async document(county, name) {
      const area = areas.get(name);
      return area ? documentIn((await readSettings(db, county)) ?? {}, seat(area)) : null;
    },
    all: async (county) => (await readSettings(db, county)) ?? {},
    newest: (county) => newestVersions(db, county),
    versions: async (county, area, below, limit) => (await versionsBelow(db, county, area, below, limit)).map(({ document: _, ...row }) => row),
    async version(county, name, version, language) {
      const area = areas.get(name);
      const found = area && await versionWithBefore(db, county, name, version);
      if (!area || !found) return undefined;
      const { row: { document, ...row }, before } = found;
      const present = documentIn((await readSettings(db, county)) ?? {}, seat(area));
      const back = said(area, present, document, language);
      return { version: row, changed: said(area, before, document, language), back, effects: back.length === 0 ? [] : ((await area.preview?.(county, present, document)) ?? []) };
    },
    async preview(county, name, document, language) {
      const area = areas.get(name);
      if (!area) return refuse(404, 'settings.area', { area: name });
      const wrong = await judge(county, area, bare(document));
      if (wrong) return wrong;
      const before = documentIn((await readSettings(db, county)) ?? {}, seat(area));
      const changes = said(area, before, bare(document), language);
      const effects = changes.length === 0 ? [] : ((await area.preview?.(county, before, bare(document))) ?? []);
      return { version: (await newestVersion(db, county, name))?.version ?? 0, changes, effects };
    },
    save: (actor, county, area, { base, document, note }) => write(actor, county, area, base, () => document, note ?? '', null),
    async back(actor, county, area, { base, version, note }) {
      const row = version === 0 ? undefined : (await versionsBelow(db, county, area, version + 1, 1))[0];
      if (version !== 0 && row?.version !== version) return refuse(404, 'settings.version', { version });
      return write(actor, county, area, base, () => row?.document ?? null, note ?? '', version);
    },
    async set(actor, county, path, value) {
      if (!isPath(path)) return refuse(422, 'settings.member', { name: path.join('.') });
      const fits = [...areas.values()].filter((area) => area.path.every((name, index) => path[index] === name)).sort((a, b) => b.path.length - a.path.length)[0];
      if (!fits) return refuse(422, 'settings.member', { name: path.join('.') });
      const rest = path.slice(fits.path.length);
      const done = await write(actor, county, fits.name, undefined, (before) => (rest.length === 0 ? value ?? null : withAt((before ?? {}) as Tree, rest, value)), '', null);
      // Set to what it is: nothing to do, and nothing to complain of.
      if (isRefusal(done) && done.reason === 'settings.same') return { version: (await newestVersion(db, county, fits.name))?.version ?? 0, said: [] };
      return isRefusal(done) && done.errors ? { ...done, errors: done.errors.map((error) => ({ ...error, path: `/${fits.path.join('/')}${error.path}` })) } : done;
    },
    checker: settingsChecker(paths),
  };
};

/** Whether an author is an account and not the system. */
export const isAccount = (author: string): boolean => /^[0-9a-f]{8}-[0-9a-f-]{27}$/u.test(author);

