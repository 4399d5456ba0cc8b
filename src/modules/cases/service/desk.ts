import type { Actor } from '../../../base/actor.ts';
import { anonymous } from '../../../base/actor.ts';
import { isUuid, type ActorId, type CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { nextDue, type Clock } from '../../matters/rules/clocks.ts';
import type { Matter } from '../../matters/index.ts';
import type { ReportInput } from '../contract/inputs.ts';
import type { Asker, ComponentChoice, FollowCard, FollowView, Picture, PlaceWords, ReportDesk, StoredPhoto } from '../pages/desk.ts';
import { answerFaults } from '../rules/categories.ts';
import type { FollowsAs, FollowTokens } from './follow/follow.ts';
import { reasonOf, stageOf, turnsOf } from './follow/follow-view.ts';
import type { Needs, Vouched } from './needs.ts';
import { createToldDesk } from './told.ts';
import type { Area } from './area.ts';
import { createAsking } from './asking.ts';
import type { Categories } from './settings/categories.ts';
import type { createSuggest } from './suggest.ts';
import { createWatch } from './follow/watch.ts';

export interface DeskParts {
  readonly categories: (county: string) => Promise<Categories>;
  readonly needs: Needs;
  readonly suggest: ReturnType<typeof createSuggest>;
  readonly tokens: FollowTokens;
  readonly vouched: Vouched;
  readonly area: Area;
}

/** A resident without an account: known by the contact of a checked phone, or by an id of this report alone. */
/** Whether a picture is for whoever follows a case so: who goes along sees the finished work, as everybody may. */
const seenBy = (as: FollowsAs, role: string): role is 'before' | 'arrival' | 'after' => role === 'after' || (as === 'reporter' && (role === 'before' || role === 'arrival'));
const residentOf = (id: string): Actor => ({ id: id as ActorId, kind: 'resident', name: null, grants: [] });

const partsOf = (reporter: string | undefined): { kind: string; id: string } | null => {
  const [kind, id] = reporter?.split(':') ?? [];
  return kind && id ? { kind, id } : null;
};

/** What the resident pages of one county ask of the system. */
export const createDesk = ({ needs, suggest, categories, tokens, vouched, area }: DeskParts, county: string): ReportDesk => {
  const { world, identity, places, components, matters, ledger, pictures } = needs;
  const watch = createWatch(needs, county);
  const asking = createAsking(needs, categories, county);

  /** The contact whose phone was checked in this browser; null where none was or the session has ended. */
  const contactOf = async ({ session }: Asker): Promise<string | null> => {
    if (session === null) return null;
    const cookie = identity.sessions.cookie('resident', { token: session, expiresAt: world.now() + 60_000 }).split(';')[0];
    return (await identity.sessions.resident({ headers: { cookie } }))?.id ?? null;
  };

  const wordsOf = async (code: string | null | undefined): Promise<PlaceWords | null> => {
    const tree = await places.tree(county as CountyCode);
    const found = code == null ? undefined : tree.find(code);
    return found ? { code: found.code, names: tree.chain(found).filter(({ level }) => !['province', 'city', 'county'].includes(level)).map(({ name }) => name) } : null;
  };

  const choiceOf = async (component: { code: string; name: string; className: string; lng: number; lat: number; place: string | null }, metres: number | null): Promise<ComponentChoice> =>
    ({ code: component.code, name: component.name, kindName: component.className, lng: component.lng, lat: component.lat, metres, place: await wordsOf(component.place) });

  const followed = async (token: string) => {
    const read = tokens.read(token);
    const whole = read && (await matters.whole(world.db, county, read.matter));
    return read && whole && whole.matter.kind === 'case' ? { as: read.as, whole } : undefined;
  };

  const unitNames = async (units: readonly (string | undefined)[], ask: Asker) => {
    const found = await identity.units.get(world.db, county, [...new Set(units.filter((unit) => unit !== undefined))]);
    return (unit: string | undefined): string | null => (unit === undefined ? null : (found.get(unit)?.name[ask.language] ?? null));
  };

  const cardOf = (matter: Matter, dueAt: number | null, as: FollowsAs, unit: string | null): FollowCard => ({
    token: tokens.of(matter.id, as), number: matter.number, title: matter.title, stage: stageOf(matter), unit, dueAt, updatedAt: matter.updatedAt,
  });

  /** The clock that a reporter waits for: that of handling once it runs, else the next. */
  const clockOf = (clocks: readonly Clock[]): Clock | undefined => clocks.find(({ name, stoppedAt, dueAt }) => name === 'handle' && stoppedAt === null && dueAt !== null) ?? nextDue(clocks);
  const dueOf = (clocks: readonly Clock[]): number | null => clockOf(clocks)?.dueAt ?? null;

  /** Whether whoever reported it had their data erased. */
  const isErased = async ({ facets }: Matter): Promise<boolean> => {
    const reporter = partsOf(facets.reporter);
    return reporter?.kind === 'contact' && isUuid(reporter.id) && (await identity.contacts.masked(world.db, county, [reporter.id])).get(reporter.id)?.erased === true;
  };

  const actAs = async (token: string, action: string, input: unknown, op: string, photos: readonly StoredPhoto[] = []): Promise<Result<object>> => {
    const found = await followed(token);
    if (!found || found.as !== 'reporter') return refuse(404, 'case.token-unknown');
    const { matter } = found.whole;
    const reporter = partsOf(matter.facets.reporter);
    if (!reporter) return refuse(404, 'case.token-unknown');
    if (await isErased(matter)) return refuse(409, 'case.reporter-erased');
    const actor: Actor = { ...residentOf(reporter.id), kind: reporter.kind === 'account' ? 'account' : 'resident' };
    vouched.set(actor, new Map(photos.map(({ served, original }) => [served, original])));
    return matters.act({ actor, behalf: null, county, kind: 'case', matter: matter.id, action, input, op });
  };

  const pictureOf = async (served: string): Promise<Result<Picture>> => {
    const kept = await pictures.about(county, served);
    if (!kept) return refuse(404, 'case.no-blob');
    const bytes = await world.blobs.get(kept.served);
    return bytes && !isRefusal(bytes) ? { type: 'image/jpeg', bytes } : refuse(404, 'case.no-blob');
  };

  return {
    offsetMinutes: () => matters.calendar(county).offsetMinutes,
    townName: () => area.townName,
    async suggest(_ask, { text, point, blobs, plate, kind }) {
      const plated = plate === null ? undefined : await components.byPlate(county, plate);
      const found = await suggest(anonymous, county, {
        text, ...(point && { lng: point.lng, lat: point.lat }), blobs, ...(plated && { component: plated.code }), ...(kind != null && { code: kind }),
      });
      return {
        place: found.place, outside: found.outcome === 'outside',
        components: found.components.map(({ className, ...one }) => ({ ...one, kindName: className })),
        rows: found.rows.map(({ key, name, condition, score, why }) => ({ key, name: `${name}：${condition}`, score, why })),
        duplicates: found.duplicates.map(({ id, title, component, at }) => ({ id, title, component, reportedAt: Date.parse(at) })),
      };
    },
    category: (ask, kind, component) => asking.category(ask.language, kind, component),
    givenAnswers: (kind) => asking.given(kind),
    rowFor: (category, answers, text) => asking.rowFor(category, new Map(Object.entries(answers)), text),
    async answerFault(code, answers, question) {
      const category = (await categories(county)).find(code);
      const fault = category && answerFaults(category, new Map(Object.entries(answers)), matters.calendar(county).offsetMinutes, false).find(({ path }) => path === `/attribute[${question}]`);
      return fault ? refuse(422, fault.reason, fault.params) : null;
    },
    async putPhoto(_ask, bytes) {
      const kept = await pictures.put(anonymous, county, Buffer.from(bytes));
      return isRefusal(kept) ? kept : { served: kept.served, original: kept.original, point: kept.point };
    },
    readPhoto: pictureOf,
    async plate(_ask, plate) {
      const component = await components.byPlate(county, plate);
      return component ? choiceOf(component, null) : refuse(404, 'case.no-component', { code: plate });
    },
    async plated(_ask, text) {
      const found = await components.anyPlate(county, text);
      if (!found) return null;
      const revoked = found.state === 'lost' || found.state === 'replaced' || found.state === 'withdrawn' ? found.state : null;
      if (found.kind === 'gate') {
        const tree = await places.tree(county as CountyCode);
        const place = tree.find(found.target);
        const spots = place ? await area.below(place.level === 'village' ? null : place.parent) : [];
        const spot = spots.find(({ code }) => code === place?.code);
        return { state: revoked ?? 'place', place: await wordsOf(found.target), point: spot ? { lng: spot.lng, lat: spot.lat } : null };
      }
      if (found.kind === 'component' && revoked !== null) {
        // The plate may hang anywhere by now; what is left of it is the place where its component stands.
        const component = await components.find(county, found.target);
        return { state: revoked, place: await wordsOf(component?.place), point: component ? { lng: component.lng, lat: component.lat } : null };
      }
      return found.kind === 'blank' ? { state: revoked ?? 'blank', place: null, point: null } : null;
    },
    findAddress: (_ask, words) => area.findAddress(words),
    areas: (_ask, parent) => area.below(parent),
    map: (_ask, box) => area.map(box),
    async sendCode(ask, phone) {
      const sent = await identity.contacts.sendCode(county, phone, ask.language);
      return isRefusal(sent) ? sent : { masked: sent.maskedPhone };
    },
    async verifyCode(_ask, phone, code) {
      const contact = await identity.contacts.checkCode(county, phone, code);
      return isRefusal(contact) ? contact : { session: (await identity.sessions.openResident(county, contact.id)).token };
    },
    ...createToldDesk(needs, county, contactOf),
    async contact(ask) {
      const id = await contactOf(ask);
      const masked = id === null ? undefined : (await identity.contacts.masked(world.db, county, [id])).get(id);
      return masked?.maskedPhone ? { masked: masked.maskedPhone } : null;
    },
    async report(ask, report, op) {
      // Without a checked phone the report has a reporter of its own, derived from the op so that asking twice is asking the same.
      const contact = report.unnamed ? null : await contactOf(ask);
      if (contact === null && (await categories(county)).ofKey(report.kind)?.anonymous === false) return refuse(422, 'case.phone-needed');
      const actor = residentOf(contact ?? op);
      vouched.set(actor, new Map(report.photos.map(({ served, original }) => [served, original])));
      const input: ReportInput = {
        ...(report.description && { text: report.description }), ...(report.point && { lng: report.point.lng, lat: report.point.lat }),
        ...(report.address && { address: report.address }), ...(report.component && { component: report.component }), ...(report.kind && { code: report.kind }), ...(report.kind && Object.keys(report.answers).length > 0 && { answers: Object.fromEntries(Object.entries(report.answers).map(([code, given]) => [code, [...given]])) }),
        // Words alone: the desk finds the place.
        ...(!report.point && !report.component && { place: area.townCode }), blobs: report.photos.map(({ served }) => served), channel: report.source === 'plate' ? 'plate' : 'web',
      };
      const done = await matters.act({ actor, behalf: null, county, kind: 'case', matter: null, action: 'report', input, op });
      return isRefusal(done) ? done : { token: tokens.of(done.id), number: done.number };
    },
    async followTogether(ask, duplicate, op) {
      const contact = await contactOf(ask);
      const done = await matters.act({ actor: residentOf(contact ?? op), behalf: null, county, kind: 'case', matter: duplicate, action: 'follow', input: {}, op });
      return isRefusal(done) ? done : { token: tokens.of(done.id, 'together'), number: done.number };
    },
    async follow(ask, token) {
      const found = await followed(token);
      if (!found) return refuse(404, 'case.token-unknown');
      const { as, whole } = found;
      const { matter } = whole;
      const entries = await ledger.entriesOf(world.db, county, matter.id);
      const names = await unitNames([matter.facets.leadUnit, ...entries.flatMap(({ entry }) => [entry.actor.unit, entry.set?.['leadUnit'] as string | undefined])], ask);
      const reporter = as === 'reporter' ? (partsOf(matter.facets.reporter)?.id ?? null) : null;
      // Anybody may follow along: nobody's words are for them, nor what the reporter photographed.
      const timeline = turnsOf(entries, as === 'reporter' ? whole.texts : [], reporter, names);
      const closed = matter.state === 'closed';
      const erased = await isErased(matter);
      const own = as === 'reporter' && !erased;
      const waited = clockOf(whole.clocks);
      const view: FollowView = {
        ...cardOf(matter, dueOf(whole.clocks), as, names(matter.facets.leadUnit)), working: waited ? matters.working(county, waited, ask.language) : [], place: await wordsOf(matter.facets.place), reason: reasonOf(matter, timeline), timeline,
        photos: whole.files.flatMap((file) => (seenBy(as, file.role) ? [{ id: file.served, role: file.role, at: file.at.getTime() }] : [])),
        can: {
          note: own && !['closed', 'declined', 'merged', 'void'].includes(matter.state),
          rate: own && closed && matter.data['rating'] === undefined,
          reopen: own && closed && matter.data['reopenAsked'] === undefined,
        },
        erased, rating: (matter.data['rating'] as number | undefined) ?? null,
      };
      return view;
    },
    watch(token, hear) {
      const read = tokens.read(token);
      return read === undefined ? null : watch(read.matter, hear);
    },
    async followPhoto(token, id) {
      const found = await followed(token);
      return found?.whole.files.some((file) => file.served === id && seenBy(found.as, file.role)) ? pictureOf(id) : refuse(404, 'case.no-blob');
    },
    addNote: (_ask, token, { text, photo }, op) => actAs(token, 'note', { text, ...(photo && { blobs: [photo.served] }) }, op, photo ? [photo] : []),
    rate: (_ask, token, { stars, text }, op) => actAs(token, 'rate', { stars, ...(text && { text }) }, op),
    askReopen: (_ask, token, reason, op) => actAs(token, 'askReopen', { reason }, op),
    async mine(ask, given) {
      const contact = await contactOf(ask);
      const own = contact === null ? [] : await matters.reportedBy(world.db, county, `contact:${contact}`, 50);
      const wanted = new Map<string, FollowsAs>(own.map((id) => [id, 'reporter']));
      for (const token of given.slice(0, 50)) {
        const read = tokens.read(token);
        if (read && !wanted.has(read.matter)) wanted.set(read.matter, read.as);
      }
      const found = await Promise.all([...wanted].slice(0, 50).map(async ([id, as]) => ({ as, whole: await matters.whole(world.db, county, id) })));
      const there = found.flatMap(({ as, whole }) => (whole?.matter.kind === 'case' ? [{ as, whole }] : []));
      const names = await unitNames(there.map(({ whole }) => whole.matter.facets.leadUnit), ask);
      return there.map(({ as, whole }) => cardOf(whole.matter, dueOf(whole.clocks), as, names(whole.matter.facets.leadUnit))).sort((a, b) => b.updatedAt - a.updatedAt);
    },
    contacts: (ask, place) => area.contacts(ask.language, place),
  };
};
