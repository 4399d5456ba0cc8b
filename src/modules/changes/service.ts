import type { Actor } from '../../base/actor.ts';
import { canonical, type Json } from '../../base/canonical.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { languages, say, type Language, type Text } from '../../base/text/language.ts';
import { textsOf } from '../../platform/texts.ts';
import type { World } from '../../platform/world.ts';
import type { Components } from '../components/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Settings } from '../settings/index.ts';
import { subjects, type Subject } from './contract.ts';

type Entry = Awaited<ReturnType<Ledger['changes']>>[number]['entry'];
interface Logged { readonly seq: number; readonly entry: Entry }

/** One thing that is other than it was. */
export interface Line {
  readonly path: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Changed {
  readonly seq: number;
  readonly entry: Entry;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly way: { readonly to: 'here' | 'page' | 'none'; readonly page: readonly string[]; readonly words: string };
}

export interface ChangesFilter {
  readonly subject?: Subject;
  readonly author?: string;
  readonly unit?: string;
  readonly account?: string;
  readonly before?: number;
  readonly limit: number;
}

/** 变更记录: what changed of how a county is run, read out of the ledger, and taken back. */
export interface Changes {
  /** Newest first. Refusal: 403. */
  list(actor: Actor, county: string, filter: ChangesFilter, language: Language): Promise<Result<{ readonly items: readonly Changed[]; readonly next: number | null }>>;
  /** Refusals: 403, 404 `changes.none`, 409 `changes.no_way`, and whatever the change itself may be refused with. */
  back(actor: Actor, county: string, seq: number): Promise<Result<{ readonly done: true }>>;
}

export interface Needs {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'changes'>;
  readonly identity: Identity;
  readonly components: Pick<Components, 'withdrawPlates'>;
  readonly settings: Settings;
}

const texts = () => textsOf('changes');
/** What somebody needs who takes a change back, by kind. */
const rights: Readonly<Record<string, string>> = { unit: 'units.edit', grant: 'grants.edit', account: 'accounts.edit', token: 'accounts.edit', plates: 'plates.print' };
/** What only whoever may read accounts sees. */
const personal: readonly string[] = subjects.grants;
const allKinds: readonly string[] = Object.values(subjects).flat();

const wordsIn = (language: Language, key: string, params: Readonly<Record<string, string | number>> = {}): string => (key in texts() ? say(texts(), language, key, params) : key);

export const createChanges = ({ world, ledger, identity, components, settings }: Needs): Changes => {
  const { db } = world;
  const value = (entry: Entry, name: string): Json => (entry.set as Readonly<Record<string, Json>>)[name] ?? null;
  const text = (entry: Entry, name: string): string => { const found = value(entry, name); return typeof found === 'string' || typeof found === 'number' ? String(found) : ''; };

  /** The entry before one about the same unit. */
  const unitBefore = async (county: string, { seq, entry }: Logged): Promise<Entry | undefined> =>
    (await ledger.changes(db, county, { before: seq, kinds: ['unit'], about: { member: 'unit', value: text(entry, 'unit') } }, 1))[0]?.entry;

  const shown = (json: Json, language: Language): string | null => {
    if (json === null || json === '' || (Array.isArray(json) && json.length === 0)) return null;
    if (Array.isArray(json)) return json.map((one) => shown(one, language) ?? '').join('、');
    if (typeof json === 'object' && languages.every((one) => typeof (json as Record<string, Json>)[one] === 'string')) return (json as unknown as Text)[language];
    return typeof json === 'object' ? canonical(json) : String(json);
  };
  const linesOf = (entry: Entry, before: Entry | undefined, members: readonly string[], language: Language, units?: ReadonlyMap<string, string>): Line[] => members.flatMap((name) => {
    const said = (of: Entry | undefined): string | null => {
      const found = of ? shown(value(of, name), language) : null;
      if (found === null) return null;
      if (name === 'parent') return units?.get(found) ?? found;
      return name === 'unitKind' && `unitKind.${found}` in texts() ? wordsIn(language, `unitKind.${found}`) : found;
    };
    const [a, b] = [said(before), said(entry)];
    return a === b ? [] : [{ path: name, label: wordsIn(language, `member.${name}`), before: a, after: b }];
  });

  const here = (language: Language) => ({ to: 'here' as const, page: [], words: wordsIn(language, 'way.here') });
  const page = (language: Language, ...path: string[]) => ({ to: 'page' as const, page: path, words: wordsIn(language, 'way.page') });
  const none = (language: Language, why: string) => ({ to: 'none' as const, page: [], words: wordsIn(language, `way.none.${why}`) });

  const describe = async (county: string, logged: Logged, language: Language, names: { readonly units: ReadonlyMap<string, string>; readonly people: ReadonlyMap<string, string> }): Promise<Omit<Changed, 'seq' | 'entry'>> => {
    const { entry } = logged;
    const unit = names.units.get(text(entry, 'unit')) ?? text(entry, 'unit');
    const person = names.people.get(text(entry, 'account')) ?? '';
    const role = identity.roles.roles[text(entry, 'role')]?.label[language] ?? text(entry, 'role');
    const known = `title.${entry.kind}.${entry.action}` in texts();
    const title = wordsIn(language, known ? `title.${entry.kind}.${entry.action}` : 'title.other', {
      unit, person, role, area: '', version: text(entry, 'version'), count: text(entry, 'count') || text(entry, 'rules') || text(entry, 'rows') || text(entry, 'shifts') || String(Object.keys((value(entry, 'plates') as object | null) ?? {}).length), kind: wordsIn(language, `kind.${entry.kind}`), action: entry.action,
    });
    switch (entry.kind) {
      case 'settings': {
        const area = text(entry, 'area');
        const said = area === '' ? undefined : await settings.version(county, area, Number(value(entry, 'version')), language);
        const areaTitle = `area.${area}` in textsOf('settings') ? say(textsOf('settings'), language, `area.${area}`) : area || text(entry, 'name');
        return { title: wordsIn(language, `title.settings.${entry.action}`, { area: areaTitle, version: text(entry, 'version') }), lines: (said?.changed ?? []).map((one) => ({ ...one })), way: page(language, 'settings', area) };
      }
      case 'unit': {
        const before = await unitBefore(county, logged);
        const closing = entry.action === 'close';
        return { title: wordsIn(language, closing ? 'title.unit.close' : before ? (before.action === 'close' ? 'title.unit.open' : 'title.unit.put') : 'title.unit.new', { unit }), lines: linesOf(entry, before, ['name', 'unitKind', 'parent', 'phone', 'places'], language, names.units), way: closing || !before || before.action === 'close' ? page(language, 'settings', 'units', text(entry, 'unit')) : here(language) };
      }
      case 'dissolution': return { title, lines: [], way: page(language, 'settings', 'units', text(entry, 'unit')) };
      case 'grant': return {
        title, way: here(language),
        lines: entry.action === 'give' ? linesOf({ ...entry, set: { ...(entry.set as object), unit: unit || null, place: text(entry, 'place').split('/').filter(Boolean).at(-1) ?? null } } as Entry, undefined, ['unit', 'place', 'purpose', 'from', 'until'], language) : [],
      };
      case 'role': return { title, lines: [], way: page(language, 'settings', 'what-roles') };
      case 'account': return { title, lines: linesOf(entry, undefined, ['login', 'members'], language), way: entry.action === 'disable' || entry.action === 'enable' ? here(language) : none(language, entry.action === 'create' ? 'account' : 'personal') };
      case 'token': return { title, lines: linesOf(entry, undefined, ['roles', 'until'], language), way: entry.action === 'give' ? here(language) : none(language, 'token') };
      case 'dispatch-rules': return { title, lines: [], way: page(language, 'dispatch') };
      case 'standards': return { title, lines: linesOf(entry, undefined, ['from', 'rows', 'effectiveAt'], language), way: page(language, 'standards') };
      case 'duty': return { title, lines: linesOf(entry, undefined, ['places', 'posts', 'shifts'], language), way: page(language, 'settings', 'duty') };
      case 'plates': return { title, lines: [], way: entry.action === 'issue' ? here(language) : page(language, 'components', 'plates') };
      case 'places': case 'map': case 'components': case 'people': case 'units': case 'history': return { title, lines: linesOf(entry, undefined, ['added', 'changed', 'ended', 'rows', 'from', 'to', 'count'], language), way: none(language, 'import') };
      case 'cameras': return { title, lines: linesOf(entry, undefined, ['camera', 'added', 'rows'], language), way: none(language, 'other') };
      case 'device': return { title, lines: [], way: text(entry, 'device') === '' ? page(language, 'devices') : page(language, 'devices', 'one', text(entry, 'device')) };
      default: return { title, lines: [], way: none(language, 'other') };
    }
  };

  const mayRead = (actor: Actor, county: string): Result<readonly string[]> => {
    if (!identity.permits(actor, county, 'settings.read')) return refuse(403, 'identity.not_permitted');
    return identity.permits(actor, county, 'accounts.read') ? allKinds : allKinds.filter((kind) => !personal.includes(kind));
  };

  return {
    async list(actor, county, { subject, author, unit, account, before, limit }, language) {
      const kinds = mayRead(actor, county);
      if (isRefusal(kinds)) return kinds;
      const wanted = subject === undefined ? kinds : kinds.filter((kind) => (subjects[subject] as readonly string[]).includes(kind));
      const about = unit !== undefined ? { member: 'unit', value: unit } : account !== undefined ? { member: 'account', value: account } : null;
      const rows = await ledger.changes(db, county, { kinds: wanted, before: before ?? null, author: author ?? null, about }, limit + 1);
      const items = rows.slice(0, limit);
      const [units, people] = await Promise.all([
        identity.units.get(db, county, [...new Set(items.flatMap(({ entry }) => [text(entry, 'unit'), text(entry, 'parent')]).filter(Boolean))]),
        identity.accounts.names(db, [...new Set(items.map(({ entry }) => text(entry, 'account')).filter((id) => /^[0-9a-f-]{36}$/u.test(id)))]),
      ]);
      const names = { units: new Map([...units].map(([id, { name }]) => [id, name[language]])), people };
      const said = async (one: Logged): Promise<Changed> => {
        const described = await describe(county, one, language, names);
        const needed = rights[one.entry.kind];
        const lacking = described.way.to === 'here' && (needed === undefined || !identity.permits(actor, county, needed));
        return { ...one, ...described, ...(lacking && { way: none(language, 'right') }) };
      };
      return { items: await Promise.all(items.map(said)), next: rows.length > limit ? items.at(-1)!.seq : null };
    },
    async back(actor, county, seq) {
      const kinds = mayRead(actor, county);
      if (isRefusal(kinds)) return kinds;
      const [logged] = await ledger.changes(db, county, { before: seq + 1, kinds }, 1);
      if (!logged || logged.seq !== seq) return refuse(404, 'changes.none', { seq });
      const { entry } = logged;
      const undo = async (): Promise<Result<unknown>> => {
        switch (`${entry.kind}.${entry.action}`) {
          case 'unit.put': {
            const before = await unitBefore(county, logged);
            if (!before || before.action === 'close') return refuse(409, 'changes.no_way');
            const present = (await identity.units.get(db, county, [text(entry, 'unit')])).get(text(entry, 'unit'));
            if (!present || present.closed_at !== null) return refuse(409, 'changes.no_way');
            const places = value(before, 'places');
            return identity.units.put(actor, county, {
              id: text(before, 'unit'), name: value(before, 'name') as unknown as Text, kind: text(before, 'unitKind'), parent: value(before, 'parent') as string | null, phone: value(before, 'phone') as string | null,
              ...(Array.isArray(places) && { places: places as string[] }), closed: false,
            });
          }
          case 'grant.give': return identity.accounts.endGrant(actor, county, text(entry, 'grant'));
          case 'grant.end': {
            const [given] = await ledger.changes(db, county, { before: seq, kinds: ['grant'], about: { member: 'grant', value: text(entry, 'grant') } }, 1);
            if (!given) return refuse(409, 'changes.no_way');
            const until = value(given.entry, 'until') as string | null;
            if (until !== null && Date.parse(until) <= world.now()) return refuse(409, 'changes.over');
            return identity.accounts.grant(actor, county, text(entry, 'account'), {
              role: text(given.entry, 'role'), unit: value(given.entry, 'unit') as string | null, place: text(given.entry, 'place'), purpose: value(given.entry, 'purpose') as string | null, until: until === null ? null : Date.parse(until),
            });
          }
          case 'account.disable': case 'account.enable': return identity.accounts.change(actor, text(entry, 'account'), { disabled: entry.action === 'enable' });
          case 'token.give': return identity.accounts.revokeToken(actor, text(entry, 'account'), text(entry, 'token'));
          case 'plates.issue': return components.withdrawPlates(actor, county, Object.values((value(entry, 'plates') ?? {}) as Record<string, string>));
          default: return refuse(409, 'changes.no_way');
        }
      };
      const done = await undo();
      return isRefusal(done) ? done : { done: true };
    },
  };
};
