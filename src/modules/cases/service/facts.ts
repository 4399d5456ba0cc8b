import { titleOf } from '../rules/text/title.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { StandardRow } from '../../catalogue/index.ts';
import { workingDayMs } from '../../../base/time/calendar.ts';
import type { Ask, Facets, Matter } from '../../matters/index.ts';
import type { PlaceTree } from '../../places/index.ts';
import { answerFaults, answerLines } from '../rules/categories.ts';
import type { Categories } from './settings/categories.ts';
import { askers, type CaseFacts, type CaseSettings, type Route } from '../rules/facts.ts';
import type { PostHolder } from '../rules/posts.ts';
import { mentionsAtMost, mentionsIn } from '../rules/text/words.ts';
import type { FollowTokens } from './follow/follow.ts';
import { countyLanguage, type Needs, type Vouched } from './needs.ts';
import type { Routing } from './routing.ts';

/** What the facts of a case are looked up with. */
export interface FactSources {
  readonly needs: Needs;
  readonly routing: Routing;
  readonly settings: (county: string) => Promise<CaseSettings>;
  readonly categories: (county: string) => Promise<Categories>;
  readonly tokens: FollowTokens;
  readonly vouched: Vouched;
}

/** Names and staff may be seen this late, in milliseconds. */
const keepMs = 5_000;

type Input = Partial<Record<'lng' | 'lat', number>> & Partial<Record<'place' | 'component' | 'code' | 'unit' | 'parent' | 'text' | 'account', string>> & { readonly blobs?: readonly string[]; readonly answers?: Readonly<Record<string, readonly string[]>> };

const handsActions = new Set(['verify', 'rework', 'close', 'callback']);
const staffActions = new Set(['dispatch', 'redispatch', 'remind', 'overdue', 'urge', 'rework', 'approveExtension', 'refuseExtension', 'refuseHold', 'resume', 'decideAppeal', 'assign', 'succeed']);
const aboveActions = new Set(['return', 'requestExtension', 'requestHold', 'appeal', 'askReopen', 'callback', 'remind', 'overdue']);
const taskActions = new Set(['finish', 'void']);

/** Names from the town down, joined as people say them. */
const wordsOf = (tree: PlaceTree, place: string | undefined): string => {
  const found = place === undefined ? undefined : tree.find(place);
  return found ? tree.chain(found).slice(-2).map(({ name }) => name).join(' ') : '';
};

/**
 * Looks up what a rule of `case` or `task` needs, and no more: a report costs no statement where it names neither a
 * component nor a picture.
 */
export const createFacts = ({ needs, routing, settings, categories, tokens, vouched }: FactSources) => {
  const { world, identity, places, components, catalogue, pictures, matters } = needs;
  const unitBy = remembered(world.now, keepMs, async (key) => {
    const [county, id] = key.split(' ') as [string, string];
    return (await identity.units.get(world.db, county, [id])).get(id);
  });
  /** Recipients who hold one of the roles, of a unit where one is given, at a path. */
  const holdersBy = remembered(world.now, keepMs, async (key) => {
    const [county, roles, unit, path] = key.split(' ') as [string, string, string, string];
    const ids = await identity.accounts.holders(world.db, county, roles.split(','), { path, ...(unit && { unit }) });
    return ids.map((id) => `account:${id}`);
  });

  const whereIs = (tree: PlaceTree, input: Input, component: { lng: number; lat: number } | undefined): Facets | Refusal => {
    const point = input.lng !== undefined && input.lat !== undefined ? { lng: input.lng, lat: input.lat } : component;
    if (point) {
      const located = tree.locate(point.lng, point.lat);
      if (located.outcome === 'outside' || located.place === null) return refuse(422, 'case.outside', {}, [{ path: '/input/lng', reason: 'case.outside' }]);
      const nearest = located.microgrids[0];
      const place = (nearest && tree.find(nearest.id)) ?? tree.find(located.place)!;
      return { place: place.code, path: place.path, lng: point.lng, lat: point.lat };
    }
    const place = input.place === undefined ? undefined : tree.find(input.place);
    return place ? { place: place.code, path: place.path } : refuse(422, 'case.no-place', {}, [{ path: '/input/place', reason: 'case.no-place' }]);
  };

  const picturesOf = async ({ county, actor, input }: Ask): Promise<ReadonlyMap<string, string> | Refusal> => {
    const found = new Map<string, string>();
    for (const digest of (input as Input).blobs ?? []) {
      const original = vouched.get(actor)?.get(digest);
      if (original !== undefined) { found.set(digest, original); continue; }
      const kept = await pictures.own(actor, county, digest);
      if (isRefusal(kept)) return refuse(422, 'case.no-blob', {}, [{ path: '/input/blobs', reason: 'case.no-blob' }]);
      found.set(digest, kept.original);
    }
    return found;
  };

  const routeOf = async (ask: Ask, row: StandardRow | undefined, path: string, ownerUnit: string | null): Promise<Route | undefined> => {
    const { unit } = ask.input as Input;
    if (unit !== undefined) {
      const there = await unitBy(`${ask.county} ${unit}`);
      return there && there.closed_at === null ? { unit, order: null, words: null } : undefined;
    }
    if (!row || !['file', 'dispatch', 'part'].includes(ask.action)) return undefined;
    return (await routing.route(ask.county, { code: row.key, path, ownerUnit, at: ask.now })).route ?? undefined;
  };

  return async (ask: Ask): Promise<Readonly<Record<string, unknown>> | Refusal> => {
    const { county, action, matter } = ask;
    const input = ask.input as Input;
    const tree = await places.tree(county as CountyCode);
    const held = matter?.facets ?? {};
    const apart = action === 'split' || action === 'part';
    const componentCode = input.component ?? (apart ? undefined : held.component);
    const needsComponent = componentCode !== undefined && (apart || action === 'report' || action === 'file' || action === 'dispatch');
    const component = needsComponent ? await components.find(county, componentCode) : undefined;
    if (input.component !== undefined && !component)
      return refuse(422, 'case.no-component', { code: input.component }, [{ path: '/input/component', reason: 'case.no-component', params: { code: input.component } }]);

    const pictured = await picturesOf(ask);
    if (isRefusal(pictured)) return pictured;

    const fresh = input.code !== undefined;
    const codeVersion = fresh ? catalogue.currentVersion(county, ask.now) : held.codeVersion;
    const key = input.code ?? held.code;
    const row = key !== undefined && codeVersion !== undefined ? catalogue.row(county, codeVersion, key) : undefined;
    if (fresh && !row) return refuse(422, 'case.no-code', {}, [{ path: '/input/code', reason: 'case.no-code' }]);

    const answers = action === 'report' && input.answers !== undefined ? await answersOf(county, row?.key, input.answers) : undefined;
    if (isRefusal(answers)) return answers;

    let facets: Facets | undefined;
    let metres: number | undefined;
    let before: CaseFacts['before'];
    if (action === 'report' || action === 'assign' || action === 'part') {
      const whole = input.parent === undefined ? undefined : await matters.whole(world.db, county, input.parent);
      const parent = whole?.matter.facets;
      const where = parent && !(action === 'part' && component)
        ? { ...(parent.place && { place: parent.place }), ...(parent.path && { path: parent.path }), ...(action === 'part' && parent.lng !== undefined && parent.lat !== undefined && { lng: parent.lng, lat: parent.lat }) }
        : whereIs(tree, input, component);
      if (action === 'part') before = (whole?.files ?? []).flatMap(({ role, served, original }) => (role === 'before' ? [{ role, served, original }] : []));
      if (isRefusal(where)) return where;
      facets = { ...where, ...(component && { component: component.code }), ...(row && codeVersion !== undefined && { code: row.key, codeVersion }) };
      if (action === 'report' && component && where.lng !== undefined) metres = Math.round(components.metres(component, where.lng, where.lat!) * 10) / 10;
    } else if (action === 'file' && component && component.code !== held.component) {
      facets = { component: component.code };
    }
    const path = facets?.path ?? held.path ?? '';
    const placeWords = wordsOf(tree, facets?.place ?? held.place);
    const route = await routeOf(ask, row, path, component?.ownerUnit ?? null);
    const leadUnit = route?.unit ?? input.unit ?? held.leadUnit;
    const title = action === 'report' || action === 'file' || apart ? titleOf(component?.name, placeWords, row) : undefined;

    const mentioned = action === 'note' && ask.actor.kind === 'account' ? await mentionedIn(county, input.text ?? '', held) : [];
    if (isRefusal(mentioned)) return mentioned;
    const speaks = action === 'reply' && matter ? await languagesOf(county, askers(matter)) : undefined;
    const assisted = Array.isArray(matter?.data['assisting']) && matter.data['assisting'].length > 0;
    const [staff, above, tasks, unit, hands, posts, mayTake] = await Promise.all([
      leadUnit !== undefined && staffActions.has(action)
        ? staffOf(county, leadUnit, path) : {},
      aboveActions.has(action) ? holdersBy(`${county} dispatcher,supervisor  ${path}`) : [],
      taskActions.has(action) && assisted ? matters.openChildren(world.db, county, matter!.id, 'task') : [],
      leadUnit !== undefined ? unitBy(`${county} ${leadUnit}`) : undefined,
      handsActions.has(action) && assisted ? matters.doersOfChildren(world.db, county, matter!.id, 'task', ['accept', 'finish']) : undefined,
      action === 'escalate' ? postsOf(county, held.leadUnit, path) : undefined,
      action === 'hand' ? takes(county, input.account ?? '', matter!, path) : undefined,
    ]);
    const facts: CaseFacts = {
      settings: await settings(county), pictures: pictured, staff, above, tasks, placeWords,
      unitName: unit?.name[countyLanguage] ?? '', dayHours: workingDayMs(matters.calendar(county)) / 3_600_000,
      // Made where a message needs it: the mark costs more than the rest of a small action's facts.
      get link() { return matter ? `${world.config.url}/f/${tokens.of(matter.id)}` : ''; },
      ...(facets && { facets }), ...(answers && { answers }), ...(before && { before }), ...(mentioned.length > 0 && { mentioned }), ...(speaks && { speaks }), ...(hands && { hands }), ...(posts && { posts }), ...(mayTake !== undefined && { mayTake }), ...(title !== undefined && { title }), ...(metres !== undefined && { metres }),
      ...(row && { row }), ...(codeVersion !== undefined && { codeVersion }), ...(route && { route }),
    };
    return facts as unknown as Record<string, unknown>;
  };

  /** Answers in words, judged by the questions of the row's category. Required ones may be missing: the desk writes down what is said. */
  async function answersOf(county: string, key: string | undefined, given: Readonly<Record<string, readonly string[]>>): Promise<NonNullable<CaseFacts['answers']> | Refusal> {
    const category = (await categories(county)).ofKey(key);
    const answers = new Map(Object.entries(given));
    const faults = category ? answerFaults(category, answers, matters.calendar(county).offsetMinutes, false) : [{ path: '', reason: 'value.unknown' }];
    if (!category || faults.length > 0) return refuse(422, 'http.values', undefined, faults.map((fault) => ({ ...fault, path: `/input/answers${fault.path.replace(/^\/attribute\[(.*)\]$/, '/$1')}` })));
    const open = new Set(category.questions.flatMap(({ code, datatype }) => (datatype === 'string' || datatype === 'text' ? [code] : [])));
    // What somebody wrote is a text, which can be erased; what was ticked or counted names nobody.
    return { words: answerLines(category, answers, countyLanguage).join('\n'), chosen: Object.fromEntries([...answers].filter(([code]) => !open.has(code))) };
  }

  /** Accounts that a note calls, who must be such as see the case: by its place, by its unit, or because it is in their hands. */
  async function mentionedIn(county: string, text: string, held: Facets): Promise<readonly string[] | Refusal> {
    const logins = mentionsIn(text);
    if (logins.length === 0) return [];
    if (logins.length > mentionsAtMost) return refuse(422, 'case.too-many-mentions', { most: mentionsAtMost });
    const reading = (within: readonly string[]): string[] => Object.entries(identity.roles.roles).flatMap(([role, { reads }]) =>
      (reads.some((read) => within.includes(read.within) && (read.kinds === '*' || read.kinds.includes('case'))) ? [role] : []));
    const path = held.path ?? '';
    const [accounts, here, ofUnit] = await Promise.all([
      identity.accounts.byLogin(world.db, logins),
      identity.accounts.holders(world.db, county, reading(['place', 'all']), { path }),
      held.leadUnit === undefined ? [] : identity.accounts.holders(world.db, county, reading(['unit']), { path, unit: held.leadUnit }),
    ]);
    const see = new Set([...here, ...ofUnit, ...(held.handler ? [held.handler] : [])]);
    const unknown = logins.find((login) => !see.has(accounts.get(login) ?? ''));
    if (unknown !== undefined) return refuse(422, 'case.no-mention', { login: unknown }, [{ path: '/input/text', reason: 'case.no-mention', params: { login: unknown } }]);
    return logins.map((login) => accounts.get(login)!);
  }

  /** Who holds each post for a case there: roles of its unit, of the unit above that, and of its place. */
  async function postsOf(county: string, unit: string | undefined, path: string): Promise<Record<string, readonly string[]>> {
    const parent = unit === undefined ? undefined : (await unitBy(`${county} ${unit}`))?.parent ?? undefined;
    const heldBy = async ({ role, within, unassigned }: PostHolder): Promise<readonly string[]> => {
      if (unassigned && unit !== undefined) return [];
      if (within === 'place') return holdersBy(`${county} ${role}  ${path}`);
      const of = within === 'unit' ? unit : parent;
      return of === undefined ? [] : holdersBy(`${county} ${role} ${of} ${path}`);
    };
    const found = await Promise.all((await settings(county)).posts.map(async ({ post, holders }) => [post, [...new Set((await Promise.all(holders.map(heldBy))).flat())]] as const));
    return Object.fromEntries(found);
  }

  /** Whether somebody may have a case in hand as it stands: of the desk until it is dispatched, of the unit that has it from then on. */
  async function takes(county: string, account: string, { state, facets: { leadUnit } }: Matter, path: string): Promise<boolean> {
    const ofUnit = state === 'dispatched' || state === 'handling';
    if (ofUnit && leadUnit === undefined) return false;
    return (await holdersBy(ofUnit ? `${county} unithandler,enforcer ${leadUnit!} ${path}` : `${county} ${state === 'filed' ? 'dispatcher' : 'intake,dispatcher'}  ${path}`)).includes(`account:${account}`);
  }

  /** In which language each of these recipients is written to. */
  async function languagesOf(county: string, recipients: readonly string[]): Promise<ReadonlyMap<string, Language>> {
    const found = new Map<string, Language>();
    for (const recipient of recipients) {
      const reach = await identity.contacts.reach(world.db, county, recipient);
      if (reach) found.set(recipient, reach.language);
    }
    return found;
  }

  /** Everyone of the unit who handles there. */
  async function staffOf(county: string, unit: string, path: string): Promise<Record<string, readonly string[]>> {
    return { [unit]: await holdersBy(`${county} unithandler,enforcer ${unit} ${path}`) };
  }
};
