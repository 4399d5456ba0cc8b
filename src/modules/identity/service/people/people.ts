import type { Actor, Grant } from '../../../../base/actor.ts';
import type { CountyCode, PlacePath, UnitId } from '../../../../base/ids.ts';
import { languages } from '../../../../base/text/language.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../../base/result.ts';
import type { Tx } from '../../../../platform/database/database.ts';
import type { TableSource } from '../../../../platform/tables/table.ts';
import { permitted } from '../../rules.ts';
import { accountsByLogin, type AccountRow, endGrant, grantsOfAccount, insertAccount, insertGrant, insertLink, updateAccount, voidLinks } from '../../store/accounts.ts';
import { listUnits } from '../../store/units.ts';
import { linkAddress, linkMs } from '../accounts.ts';
import { zoneOf } from '../zone.ts';
import { asSystem, entryOf, type Needs } from '../needs.ts';
import { randomToken, tokenDigest } from '../secrets.ts';
import { nameMark } from '../tracing.ts';
import type { Sessions } from '../sessions.ts';
import { peopleFields } from './columns.ts';
import { readLines, refusedLines, type LineProblem } from './lines.ts';
import { byLogin, readPerson, type PersonLine } from './person.ts';

/** A post with its shifts, as places keep them. */
export interface ImportedPost {
  /** Code of the place. */
  readonly place: string;
  readonly role: string;
  readonly rank: number;
  readonly shifts: readonly {
    /** `account:{uuid}` */
    readonly person: string; readonly standIn: string | null; readonly weekdays: string; readonly starts: number; readonly ends: number;
    readonly fromDay: string; readonly untilDay: string | null;
  }[];
}

/** What an import asks of places, which are a higher module: the caller hands it in. */
export interface PlaceBook {
  /** Stored path of a place's code; undefined for no place. */
  path(code: string): string | undefined;
  /** Replaces the roster of every place that the posts name, in the import's transaction. */
  writePosts(tx: Tx, acting: { readonly actor: Actor; readonly role: string; readonly unit: string | null }, posts: readonly ImportedPost[]): Promise<Result<unknown>>;
  /** Called once the import is written. */
  written(): Promise<void>;
}

/** How people are to be imported. */
export interface PeopleOrder {
  readonly source: TableSource;
  /** Reads and checks every line and writes nothing. */
  readonly dryRun?: boolean;
  /** Whether a link also goes out by message to who has a phone or an e-mail address; true where absent. */
  readonly invite?: boolean;
  readonly onProgress?: (progress: { readonly rows: number; readonly done: number }) => void;
}

export interface PeopleReport {
  readonly dryRun: boolean;
  readonly rows: number;
  readonly digest: string;
  readonly ignored: readonly string[];
  /** Accounts, counted: new, changed, as they were. */
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Rights given, and earlier ones of other dates that ended for them. */
  readonly grants: number;
  readonly ended: number;
  readonly shifts: number;
  /** One-time links of new accounts, shown only now; none in a dry run. */
  readonly links: readonly { readonly login: string; readonly name: string; readonly link: string }[];
}

/** The transaction is undone, and this is said. */
class Undone extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.name = 'Undone';
    this.refusal = refusal;
  }
}

const unitsByName = async (tx: Tx, county: string): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  for (let after = ''; ;) {
    const page = await listUnits(tx, county, after, 500);
    for (const unit of page)
      if (!unit.closed_at) for (const name of [...Object.values(unit.name), unit.id]) found.set(name, unit.id);
    if (page.length < 500) return found;
    after = page.at(-1)!.id;
  }
};

/** Posts out of lines with hours: lines of one place, role and rank are one post. */
const postsOf = (lines: readonly PersonLine[], idOf: (login: string) => string): ImportedPost[] => {
  const posts = Map.groupBy(lines.filter((one) => one.duty), (one) => `${one.code} ${one.role} ${one.duty!.rank}`);
  return [...posts.values()].map((of) => ({
    place: of[0]!.code!, role: of[0]!.role, rank: of[0]!.duty!.rank,
    shifts: of.map(({ login, duty, fromDay, untilDay }) => ({
      person: `account:${idOf(login)}`, standIn: duty!.standIn === null ? null : `account:${idOf(duty!.standIn)}`,
      weekdays: duty!.weekdays, starts: duty!.starts, ends: duty!.ends, fromDay, untilDay,
    })),
  }));
};

/**
 * Imports people with their rights and duties, whole or not at all. Who is there already by login is changed where the file
 * says something else; an empty cell changes nothing, and nobody is taken away. A new account gets a one-time link: a file
 * holds no passwords. The roster of every place for which the file has hours becomes what the file says.
 * Refusals: 403 `identity.not_permitted`, 422 `identity.import` with every wrong line.
 */
export const importPeople = async (
  needs: Needs, sessions: Pick<Sessions, 'forget'>, actor: Actor, county: string, book: PlaceBook, order: PeopleOrder,
): Promise<Result<PeopleReport>> => {
  const { world, ledger, roles, send } = needs;
  const { db, keys } = world;
  const now = world.now();
  const at = new Date(now);
  const right = actor.kind === 'system' ? asSystem : permitted(roles, actor, county, 'people.import', now);
  if (!right) return refuse(403, 'identity.not_permitted');

  const roleNames = new Map(Object.entries(roles.roles).filter(([key]) => key !== 'resident')
    .flatMap(([key, { label }]) => [key, ...languages.map((language) => label[language].toLowerCase())].map((name) => [name, key] as const)));
  const units = await unitsByName(db, county);
  const { offsetMinutes } = await zoneOf({ db, now: () => now }, county);
  const read = await readLines(order.source, peopleFields, (line, values, wrong) => readPerson(line, values, wrong, {
    roles, now, offsetMinutes, role: (text) => roleNames.get(text.toLowerCase()), unit: (text) => units.get(text), place: (code) => book.path(code),
  }), order.onProgress);
  const { rows: lines, problems } = read;
  const note = (line: number, column: string, rule: string, value: string): void => void problems.push({ line, column, value, rule } satisfies LineProblem);
  const people = byLogin(lines, note);

  const named = [...new Set([...people.keys(), ...lines.flatMap(({ duty }) => (duty?.standIn ? [duty.standIn] : []))])];
  const known = new Map((await accountsByLogin(db, named)).map((row) => [row.login, row]));
  for (const [login, [first]] of people) {
    const row = known.get(login);
    if (!row) continue;
    if (row.home !== county || row.kind !== 'person') note(first!.line, 'login', 'identity.line_login_taken', login);
    else if (row.disabled_at) note(first!.line, 'login', 'identity.line_disabled', login);
    else if (row.id === actor.id) note(first!.line, 'login', 'identity.own_grant', login);
  }
  for (const { line, path, duty } of lines) {
    if (duty?.standIn && !people.has(duty.standIn) && known.get(duty.standIn)?.home !== county) note(line, 'standIn', 'identity.line_stand_in', duty.standIn);
    if (actor.kind !== 'system' && !permitted(roles, actor, county, 'grants.edit', now, path)) note(line, 'place', 'identity.beyond_place', path);
  }
  if (problems.length > 0) return refusedLines(read);

  const count = { added: 0, changed: 0, unchanged: 0, grants: 0, ended: 0, shifts: lines.filter(({ duty }) => duty).length };
  const links: { login: string; name: string; link: string }[] = [];
  const ids = new Map([...known].map(([login, { id }]) => [login, id]));

  const account = async (tx: Tx, login: string, of: readonly PersonLine[]): Promise<void> => {
    const name = of[0]!.name;
    const phone = of.find((one) => one.phone !== null)?.phone ?? null;
    const email = of.find((one) => one.email !== null)?.email ?? null;
    const there = known.get(login);
    if (there) {
      const differs = (sealed: Buffer | null, value: string | null, context: string): boolean => value !== null && (sealed === null || keys.open(sealed, context) !== value);
      const change = {
        ...(there.name !== name && { name }), ...(differs(there.phone, phone, 'phone') && { phone: keys.seal(phone!, 'phone') }),
        ...(differs(there.email, email, 'email') && { email: keys.seal(email!, 'email') }),
      };
      if (Object.keys(change).length === 0) { count.unchanged++; return; }
      count.changed++;
      await updateAccount(tx, there.id, change, at);
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'account', action: 'change', set: { account: there.id, members: Object.keys(change).sort(), ...(change.name !== undefined && { name: nameMark(world.keys, there.id, change.name) }) } }, actor, right, now)]);
      return;
    }
    count.added++;
    const row: AccountRow = {
      id: world.random.uuid(now), kind: 'person', login, home: county, name, password: null, phone: phone === null ? null : keys.seal(phone, 'phone'),
      email: email === null ? null : keys.seal(email, 'email'), language: 'zh-Hans', channel: phone !== null || email === null ? 'sms' : 'email', disabled_at: null,
    };
    if (!(await insertAccount(tx, row, at))) throw new Undone(refuse(409, 'identity.login_taken', { login }));
    ids.set(login, row.id);
    const token = randomToken();
    await voidLinks(tx, row.id);
    await insertLink(tx, tokenDigest(token), row.id, at, new Date(now + linkMs));
    links.push({ login, name, link: linkAddress(world.config.url, token) });
    await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'account', action: 'create', set: { account: row.id, login, accountKind: 'person', name: nameMark(world.keys, row.id, row.name) } }, actor, right, now)]);
    if ((order.invite ?? true) && (phone !== null || email !== null))
      await send(tx, { county, id: world.random.uuid(now), template: 'staff_invite', recipient: `account:${row.id}`, params: { login, link: linkAddress(world.config.url, token) }, at: now });
  };

  const rights = async (tx: Tx, login: string, of: readonly PersonLine[]): Promise<void> => {
    const id = ids.get(login)!;
    const held = known.has(login) ? (await grantsOfAccount(tx, id, county)).filter(({ until }) => until === null || until > now) : [];
    const wanted = new Map(of.map((one) => [JSON.stringify([one.role, one.unit, one.path, one.until, one.fromDay]), one]));
    for (const one of wanted.values()) {
      const same = held.filter((grant) => grant.role === one.role && grant.unit === one.unit && grant.place === one.path && grant.purpose === null);
      // A right that holds already and ends when the file says is that right.
      if (same.some((grant) => grant.until === one.until && (grant.from <= Math.max(one.from, now) || grant.from === one.from))) continue;
      for (const old of same) {
        count.ended++;
        await endGrant(tx, county, old.id, at);
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'grant', action: 'end', set: { grant: old.id, account: id, role: old.role } }, actor, right, now)]);
      }
      const grant: Grant = {
        id: world.random.uuid(now), county: county as CountyCode, role: one.role, unit: one.unit as UnitId | null, place: one.path as PlacePath,
        purpose: null, from: one.from, until: one.until,
      };
      count.grants++;
      await insertGrant(tx, id, grant, at);
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'grant', action: 'give',
        set: {
          grant: grant.id, account: id, role: grant.role, unit: grant.unit, place: grant.place, purpose: null,
          from: new Date(grant.from).toISOString(), until: grant.until === null ? null : new Date(grant.until).toISOString(),
        },
      }, actor, right, now)]);
    }
  };

  const dryRun = order.dryRun ?? false;
  try {
    await db.transaction(async (tx) => {
      for (const [login, of] of people) {
        await account(tx, login, of);
        await rights(tx, login, of);
      }
      const posts = postsOf(lines, (login) => ids.get(login)!);
      if (posts.length > 0) {
        const done = await book.writePosts(tx, { actor, role: right.role, unit: right.unit }, posts);
        if (isRefusal(done)) throw new Undone(done);
      }
      if (dryRun) throw new Undone(refuse(422, 'identity.import'));
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'people', action: 'import', set: { digest: read.digest, rows: lines.length, ...count },
      }, actor, right, now)]);
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    if (!dryRun || error.refusal.reason !== 'identity.import') return error.refusal;
  }
  if (!dryRun) {
    // Rights were given or ended: whoever of them is signed in is asked for anew.
    for (const login of people.keys()) sessions.forget(ids.get(login)!);
    await book.written();
    ledger.sequencer.nudge(county);
  }
  return { dryRun, rows: lines.length, digest: read.digest, ignored: read.ignored, ...count, links: dryRun ? [] : links };
};
