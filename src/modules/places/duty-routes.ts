import { theSystem } from '../../base/actor.ts';
import type { CountyCode } from '../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { defaultZone, offsetMinutesOf } from '../../base/time/zone.ts';
import type { Identity } from '../identity/index.ts';
import * as contract from './contract.ts';
import type { Places } from './index.ts';
import type { Place } from './rules/tree.ts';
import type { Outlook } from './service/week.ts';

const dayMs = 86_400_000;
/** Roles that a new post may be for; those that a roster already has come on top. */
const usualRoles = ['gridworker', 'gridchief'];

/** Days of the county, from moments and back. */
const clockOf = (midnights: readonly number[]) => {
  const offset = (() => {
    const rest = midnights[0]! % dayMs;
    return rest === 0 ? 0 : dayMs - rest;
  })();
  const dayOf = (at: number): string => new Date(at + offset).toISOString().slice(0, 10);
  const daytime = (from: number, until: number): { day: string; from: number; until: number } => {
    const midnight = Math.floor((from + offset) / dayMs) * dayMs - offset;
    return { day: dayOf(from), from: Math.round((from - midnight) / 60_000), until: Math.round((until - midnight) / 60_000) };
  };
  return {
    dayOf,
    daytime,
    /** A time that may reach over midnights, day by day. */
    perDay: (from: number, until: number): { day: string; from: number; until: number }[] => {
      const parts: { day: string; from: number; until: number }[] = [];
      for (let at = from; at < until;) {
        const end = Math.min(until, (Math.floor((at + offset) / dayMs) + 1) * dayMs - offset);
        parts.push(daytime(at, end));
        at = end;
      }
      return parts;
    },
  };
};
type Clock = ReturnType<typeof clockOf>;

/** The addresses of weeks of duty and of changing them. */
export const dutyRoutes = (places: Places, identity: Identity): Mounted[] => {
  const { world } = identity;
  const countyOf = (asked: string | undefined): Promise<Result<CountyCode>> => identity.county(asked) as Promise<Result<CountyCode>>;
  const viewer = async (language: Language) => {
    const kinds = await places.kinds();
    return ({ id, code, level, name, kind }: Place): contract.PlaceView => ({
      id, code, level, name, kind, label: (kind !== null && kinds[kind]?.[language]) || say(textsOf('places'), language, `level.${level}`),
    });
  };
  const namesOf = async (keys: Iterable<string>, language: Language): Promise<(key: string) => string> => {
    const accounts = [...new Set(keys)].filter((key) => key.startsWith('account:')).map((key) => key.slice(8));
    const names = await identity.accounts.names(world.db, accounts);
    return (key) => names.get(key.slice(8)) ?? say(textsOf('places'), language, 'person.contact');
  };
  const outlookView = ({ gaps, doubles }: Outlook, clock: Clock, name: (key: string) => string): contract.OutlookView => ({
    openMinutes: gaps.reduce((sum, { from, until }) => sum + (until - from) / 60_000, 0),
    gaps: gaps.flatMap(({ place, from, until }) => clock.perDay(from, until).map((part) => ({ place: place.name, code: place.code, ...part }))),
    doubles: doubles.flatMap((one) => clock.perDay(one.from, one.until).map((part) => ({ person: name(one.person), places: one.places.map((place) => place.name), ...part }))),
  });
  /** Minutes that the county is ahead of UTC. */
  const offsetOf = async (county: CountyCode): Promise<number> => (await places.counties()).find((one) => one.county === county)?.offsetMinutes ?? offsetMinutesOf(defaultZone, world.now());
  const isDay = (text: string): boolean => !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  /** Today and the Monday of its week, in the county's days. */
  const nowOf = (offset: number): { readonly today: string; readonly monday: string } => {
    const today = Math.floor((world.now() + offset * 60_000) / dayMs);
    return { today: new Date(today * dayMs).toISOString().slice(0, 10), monday: new Date((today - ((today + 3) % 7)) * dayMs).toISOString().slice(0, 10) };
  };

  return [
    handle(contract.dutyWeek, async ({ query, actor, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const tree = await places.tree(county);
      const sees = (path: string): boolean => identity.permits(actor, county, 'duty.read', path) !== undefined;
      const root = query.under === undefined ? [...tree.all()].filter(({ level, path }) => level === 'village' && sees(path)).sort((a, b) => (a.code < b.code ? -1 : 1))[0] ?? [...tree.all()].find(({ level, path }) => level === 'grid' && sees(path)) ?? tree.find(county) : tree.find(query.under);
      if (!root) return refuse(404, 'places.unknown', { code: query.under ?? county });
      const { today, monday } = nowOf(await offsetOf(county));
      const from = query.from ?? monday;
      if (!isDay(from)) return refuse(422, 'places.bad_moment', { text: from });
      const week = await places.week(county, root.code, from, sees);
      if (week.rows.length === 0 && !sees(root.path)) return refuse(403, 'places.may_not_see_duty', { name: root.name });
      const [clock, view, edits] = [clockOf(week.midnights), await viewer(language), (path: string): boolean => identity.permits(actor, county, 'duty.edit', path) !== undefined];
      const keys = new Set([...week.doubles.map(({ person }) => person), ...week.rows.flatMap(({ posts }) => posts.flatMap(({ shifts }) => shifts.flatMap(({ person, standIn }) => (standIn === null ? [person] : [person, standIn]))))]);
      const name = await namesOf(keys, language);
      const onRosters = new Set(week.rows.flatMap(({ posts }) => posts.flatMap(({ shifts }) => shifts.map(({ person }) => person))));
      const away = (await places.absences(county, { person: null, from: new Date(week.midnights[0]!), until: new Date(week.midnights[7]!) }, null, 500))
        .filter((one) => one.withdrawnAt === null && onRosters.has(one.person))
        .flatMap((one) => clock.perDay(Math.max(one.from, week.midnights[0]!), Math.min(one.until, week.midnights[7]!)).map(({ day }) => ({ person: one.person, day })));
      const roles = [...new Set([...usualRoles, ...week.rows.flatMap(({ posts }) => posts.map(({ role }) => role))])];
      return {
        under: view(root), days: week.midnights.slice(0, 7).map(clock.dayOf), today, total: week.total, mayEdit: week.rows.some(({ place }) => edits(place.path)),
        roles: roles.map((role) => ({ role, label: identity.roles.roles[role]?.label[language] ?? role })),
        people: [...keys].map((key) => ({ key, name: name(key) })),
        rows: week.rows.map(({ place, seen, posts, stretches, gaps }) => ({
          place: view(place), seen, mayEdit: edits(place.path),
          posts: posts.map(({ role, rank, shifts }) => ({ role, rank, shifts: shifts.map(({ id: _, post: __, ...shift }) => shift) })),
          stretches: stretches.map((one) => ({ person: one.person, role: one.role, standingIn: one.standingIn, ...clock.daytime(one.from, one.until) })),
          gaps: gaps.flatMap((gap) => clock.perDay(gap.from, gap.until).map((part) => ({ place: place.name, code: place.code, ...part }))),
        })),
        doubles: outlookView({ gaps: [], doubles: week.doubles }, clock, name).doubles, away,
      };
    }),
    handle(contract.dutyPeople, async ({ query, actor }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'duty.edit')) return refuse(403, 'identity.not_permitted');
      const found = await identity.accounts.list(theSystem, county, { limit: 30, ...(query.text && { text: query.text }) });
      return isRefusal(found) ? found : { items: found.items.filter(({ kind, disabled }) => kind === 'person' && !disabled).map(({ id, name, login }) => ({ key: `account:${id}`, name, login })) };
    }),
    handle(contract.putRosters, async ({ query, body, actor, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      if (!isDay(body.from)) return refuse(422, 'places.bad_moment', { text: body.from });
      const tree = await places.tree(county);
      const head = await places.dutyHead(county);
      let grant;
      for (const { place: code, seen } of body.places) {
        const place = tree.find(code);
        if (!place) return refuse(404, 'places.unknown', { code });
        grant = identity.permits(actor, county, 'duty.edit', place.path);
        if (!grant) return refuse(403, 'places.may_not_edit_duty', { name: place.name });
        if ((await places.mark(county, code)) !== seen) return refuse(409, 'places.roster_changed', { name: place.name });
      }
      if (!grant) return refuse(403, 'identity.not_permitted');
      // A place whose last post goes keeps an empty one: its gap stays seen.
      const drafts = body.places.flatMap(({ place, posts }) => (posts.length > 0 ? posts : [{ role: 'gridworker', rank: 1, shifts: [] }]).map((post) => ({ place, ...post })));
      const keys = new Set(drafts.flatMap(({ shifts }) => shifts.flatMap(({ person, standIn }) => (standIn === null ? [person] : [person, standIn]))));
      const known = await identity.accounts.names(world.db, [...keys].filter((key) => key.startsWith('account:')).map((key) => key.slice(8)));
      if ([...keys].some((key) => key.startsWith('account:') && !known.has(key.slice(8)))) return refuse(422, 'places.bad_person');
      const outlook = await places.outlook(county, body.from, body.places.map(({ place }) => place), drafts);
      if (isRefusal(outlook)) return outlook;
      if (!body.dryRun) {
        const done = await places.setRoster(county, { actor, role: grant.role, ...(grant.unit !== null && { unit: grant.unit as string }) }, drafts, head);
        if (isRefusal(done)) return done;
      }
      const name = await namesOf([...keys, ...outlook.before.doubles.map(({ person }) => person)], language);
      const clock = clockOf([Date.parse(`${body.from}T00:00:00Z`) - (await offsetOf(county)) * 60_000]);
      return { done: !body.dryRun, before: outlookView(outlook.before, clock, name), after: outlookView(outlook.after, clock, name) };
    }),
    handle(contract.addAbsence, async ({ query, body, actor }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const grant = identity.permits(actor, county, 'duty.edit');
      if (!grant) return refuse(403, 'identity.not_permitted');
      const [from, until] = [Date.parse(body.from), Date.parse(body.until)];
      if (Number.isNaN(from) || Number.isNaN(until)) return refuse(422, 'places.bad_absence');
      return places.addAbsence(county, { actor, role: grant.role, ...(grant.unit !== null && { unit: grant.unit as string }) }, { person: body.person, from, until });
    }),
    handle(contract.listAbsences, async ({ query, actor, language }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'duty.read')) return refuse(403, 'identity.not_permitted');
      if (query.week !== undefined && !isDay(query.week)) return refuse(422, 'places.bad_moment', { text: query.week });
      const begins = query.week === undefined ? null : Date.parse(`${query.week}T00:00:00Z`) - (await offsetOf(county)) * 60_000;
      const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/u.exec(query.after ?? '') ?? [];
      const limit = query.limit ?? 30;
      const rows = await places.absences(county, { person: query.person ?? null, from: begins === null ? null : new Date(begins), until: begins === null ? null : new Date(begins + 7 * dayMs) }, at === undefined || id === undefined ? null : { from: new Date(Number(at)), id }, limit + 1);
      const page = rows.slice(0, limit);
      const covers = await Promise.all(page.map((row) => places.covers(county, row)));
      const name = await namesOf([...page.flatMap(({ person, madeBy }) => (madeBy === null ? [person] : [person, `account:${madeBy}`])), ...covers.flat().flatMap(({ standIn }) => standIn ?? [])], language);
      const edits = identity.permits(actor, county, 'duty.edit') !== undefined;
      const now = world.now();
      return {
        items: page.map((row, index) => {
          const state = row.withdrawnAt !== null ? 'withdrawn' as const : row.until <= now ? 'over' as const : row.from <= now ? 'now' as const : 'coming' as const;
          return {
            id: row.id, person: row.person, name: name(row.person), from: new Date(row.from).toISOString(), until: new Date(row.until).toISOString(), state,
            covers: covers[index]!.map(({ place, role, standIn }) => ({ place, role: identity.roles.roles[role]?.label[language] ?? role, standIn: standIn === null ? null : name(standIn) })),
            madeAt: row.madeAt === null ? null : new Date(row.madeAt).toISOString(), madeBy: row.madeBy === null ? null : row.madeBy === theSystem.id ? say(textsOf('changes'), language, 'author.system') : name(`account:${row.madeBy}`),
            mayWithdraw: edits && (state === 'now' || state === 'coming'),
          };
        }),
        next: rows.length > limit ? `${page.at(-1)!.from}.${page.at(-1)!.id}` : null,
      };
    }),
    handle(contract.withdrawAbsence, async ({ query, params, actor }) => {
      const county = await countyOf(query.county);
      if (isRefusal(county)) return county;
      const grant = identity.permits(actor, county, 'duty.edit');
      if (!grant) return refuse(403, 'identity.not_permitted');
      return places.withdrawAbsence(county, { actor, role: grant.role, ...(grant.unit !== null && { unit: grant.unit as string }) }, params.id);
    }),
  ];
};
