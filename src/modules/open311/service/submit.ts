import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import type { ActorId, CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import { createLimiter, network } from '../../../platform/http/limiter.ts';
import type { Created } from '../contract.ts';
import { opOf, readRequestForm, type Asked, type Fields } from '../rules/form.ts';
import type { Category } from '../../cases/index.ts';
import { answerFaults, answerLines, rowOf } from '../../cases/rules/categories.ts';
import { readNumber } from '../../matters/rules/number.ts';
import { ownOrigin } from '../rules/origin.ts';
import { insertMedia, insertReport, readByOrigin } from '../store.ts';
import type { Needs } from './needs.ts';
import type { Jurisdiction } from './offer.ts';

/** A report as it came. */
export interface Submission {
  readonly jurisdiction: Jurisdiction;
  readonly fields: Fields;
  readonly files: readonly Buffer[];
  /** Who sent it: a program by its key, or nobody in particular. */
  readonly program: Actor | null;
  readonly ip: string;
  readonly language: Language;
  readonly idempotencyKey: string | null;
  /** Brought from a system whose questions are not ours: those are left unasked. */
  readonly unasked?: true;
}

/** A report that was taken in. */
export interface Brought {
  readonly matter: string;
  readonly number: string;
  readonly service: Category;
}

/** Reports a minute that an address may send without a key, where the county needs none. */
const keylessPerMinute = 20;
/** What the desk reads, it reads in the language of the code table. */
const deskLanguage: Language = 'zh-Hans';
const picturesAtMost = 6;
/** Signs for what the desk reads: a description of 4,000 with its answers. */
const longestText = 6_000;

const wrong = (path: string, reason: string): Refusal => refuse(422, 'http.values', undefined, [{ path, reason }]);

/** Who an op speaks for. */
const callerOf = (program: Actor | null): string => program?.id ?? 'anyone';

/** Takes reports in, as cases. */
export const createSubmit = (needs: Needs) => {
  const { world, identity, places, components, catalogue, matters, cases, bulletin, pictures } = needs;
  const limiter = createLimiter(world.now);

  /** Where it is, for `report`: a point, a component, a place, or an address in words whose place the desk finds. */
  const whereIs = async (county: string, { point, addressId, addressString }: Asked): Promise<Result<object>> => {
    const tree = await places.tree(county as CountyCode);
    const spoken = addressString === null ? {} : { address: addressString };
    if (point) return { ...point, ...spoken };
    if (addressId !== null) {
      if (tree.find(addressId)) return { place: addressId, ...spoken };
      const component = await components.find(county, addressId);
      return component ? { component: component.code, ...spoken } : wrong('/address_id', 'open311.address_id');
    }
    const [found] = await places.findAddress(county as CountyCode, addressString!, 1);
    if (found && found.located.outcome !== 'outside') return { lng: found.lng, lat: found.lat, ...spoken };
    const towns = [...tree.all()].filter(({ level }) => level === 'town');
    const home = towns.length === 1 ? towns[0] : tree.find(county);
    return home ? { place: home.code, ...spoken } : wrong('/address_string', 'case.no-place');
  };

  /** The component that an answer names, by code or by the letters of its plate. */
  const componentOf = async (county: string, service: Category, { answers }: Asked): Promise<string | undefined> => {
    for (const { code, names } of service.questions) {
      const said = names === 'component' ? answers.get(code)?.[0] : undefined;
      const found = said === undefined || said.length > 40 ? undefined : ((await components.find(county, said)) ?? (await components.byPlate(county, said)));
      if (found) return found.code;
    }
    return undefined;
  };

  /** The case that stands for a report of an origin: our own that comes back, or one that came another way before. */
  const caseOf = async (county: string, origin: string): Promise<{ matter: string; number: string } | undefined> => {
    const number = origin.startsWith(`${ownOrigin(world.config.url, '')}`) ? readNumber(county, origin.slice(origin.lastIndexOf('/') + 1)) : undefined;
    if (number === undefined) return readByOrigin(world.db, county, origin);
    const [row] = await bulletin.readByNumber(county, [number]);
    return row && { matter: row.id, number: row.number };
  };

  const store = async (actor: Actor, county: string, files: readonly Buffer[]): Promise<Result<string[]>> => {
    const kept = new Map<string, string>();
    for (const bytes of files) {
      const one = await pictures.put(actor, county, bytes);
      if (isRefusal(one)) return one;
      kept.set(one.served, one.original);
    }
    cases.vouch(actor, kept);
    return [...kept.keys()];
  };

  const textOf = (service: Category, { description, answers, mediaUrl }: Asked): string =>
    [description, ...answerLines(service, answers, deskLanguage), ...(mediaUrl === null ? [] : [mediaUrl])].filter((line) => line !== '').join('\n');

  /**
   * Makes a case of a report. With a phone it is reported for the resident whose phone that is, who is then told how it goes on.
   * One that was made here first and comes back, or that came another way before, is the case that there is already.
   * Refusals: 403 `open311.key_for_phone`, 404 `open311.service`, 422 with every wrong value, 429, and those of `act` (409 for an
   * Idempotency-Key that came with another report).
   */
  const bring = async (sent: Submission): Promise<Result<Brought>> => {
    const { jurisdiction, program, language } = sent;
    const { county } = jurisdiction;
    const seconds = program === null ? limiter.take(network(sent.ip), keylessPerMinute) : 0;
    if (seconds > 0) return refuse(429, 'http.too_many', { seconds });
    const { asked, faults } = readRequestForm(sent.fields);
    const service = asked.service === undefined ? undefined : jurisdiction.service(asked.service);
    if (asked.service !== undefined && !service) return refuse(404, 'open311.service', { service: asked.service.slice(0, 60) });
    const all = [...faults, ...(service && !sent.unasked ? answerFaults(service, asked.answers, jurisdiction.offset) : [])];
    const text = service ? textOf(service, asked) : '';
    if (text.length > longestText) all.push({ path: '/description', reason: 'value.maxLength', params: { limit: longestText } });
    if (sent.files.length > picturesAtMost) all.push({ path: '/media', reason: 'value.maxItems', params: { limit: picturesAtMost } });
    if (all.length > 0 || !service) return refuse(422, 'http.values', undefined, all.slice(0, 40));
    const known = asked.origin === null ? undefined : await caseOf(county, asked.origin);
    if (known) return { ...known, service };
    // Messages cost the county money and reach people: only who is known may have them sent.
    if (asked.phone !== null && program === null) return refuse(403, 'open311.key_for_phone');

    const op = sent.idempotencyKey === null ? world.random.uuid(world.now()) : opOf(callerOf(program), sent.idempotencyKey);
    const actor: Actor = program ?? { id: op as ActorId, kind: 'resident', name: null, grants: [] };
    const where = await whereIs(county, asked);
    if (isRefusal(where)) return where;
    const contact = asked.phone === null ? undefined : await identity.contacts.contactByPhone(world.db, county, asked.phone, language);
    if (isRefusal(contact)) return contact;
    const blobs = await store(actor, county, sent.files);
    if (isRefusal(blobs)) return blobs;
    const component = 'component' in where ? undefined : await componentOf(county, service, asked);
    const named = component === undefined ? undefined : await components.find(county, component);
    const ranked = catalogue.rank(county, text, { limit: 20, ...(named && { componentClass: named.standard }) }).map(({ key }) => key);
    const row = rowOf(service, jurisdiction.rows(service), asked.answers, ranked);
    const done = await matters.act({
      actor, behalf: null, county, kind: 'case', matter: null, action: 'report', op,
      input: {
        ...where, ...(text !== '' && { text }), ...(component !== undefined && { component }), ...(row && { code: row.key }), ...(contact && { contact: contact.id }),
        ...(blobs.length > 0 && { blobs }), channel: 'api',
      },
    });
    if (isRefusal(done)) return done;
    // After the case, not with it: should this be lost on the way, the same Idempotency-Key writes it, and the case's code says the service as well.
    await world.db.transaction(async (tx) => {
      await insertReport(tx, county, { matter: done.id, service: service.code, account: program?.id ?? null, token: op, origin: asked.origin }, world.now());
      if (asked.mediaUrl !== null && jurisdiction.settings.mediaUrls !== 'words') await insertMedia(tx, county, done.id, asked.mediaUrl, new Date(world.now()));
    });
    return { matter: done.id, number: done.number, service };
  };

  return {
    bring, caseOf,
    async submit(sent: Submission): Promise<Result<Created>> {
      const brought = await bring(sent);
      return isRefusal(brought) ? brought : { service_request_id: brought.number, ...(brought.service.notice && { service_notice: brought.service.notice[sent.language] }) };
    },
  };
};
