import type { Actor } from '../../../base/actor.ts';
import { isUuid } from '../../../base/ids.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Created, Discovery, RequestsQuery, ServiceDefinition, ServiceItem, ServiceRequest, Token } from '../contract.ts';
import { opOf } from '../rules/form.ts';
import { definitionOf, itemOf } from '../rules/services.ts';
import { readTokens } from '../store.ts';
import type { Needs } from './needs.ts';
import { shippedCategories } from '../../cases/index.ts';
import { createMedia } from './media.ts';
import { createOffer, type Jurisdiction } from './offer.ts';
import { createRequests, type Reader, type RequestPage } from './requests.ts';
import { createSubmit, type Brought, type Submission } from './submit.ts';
import { createUpdates } from './updates.ts';

/** GeoReport v2 over the cases of the counties. Everything public is decided here, whoever asks. */
export interface Open311 {
  /** Refusal: 404 `open311.jurisdiction`. */
  jurisdiction(asked: string | undefined): Promise<Result<Jurisdiction>>;
  /**
   * The program behind a key, or null where none came. A bearer token counts as a key.
   * Refusal: 403 `open311.key` for one that does not hold, is no program's or is for another county.
   */
  program(jurisdiction: Jurisdiction, key: string | undefined, signedIn: Actor): Promise<Result<Actor | null>>;
  discovery(language: Language): Promise<Result<Discovery>>;
  services(jurisdiction: Jurisdiction, language: Language): ServiceItem[];
  /** Refusal: 404 `open311.service`. */
  service(jurisdiction: Jurisdiction, code: string, language: Language): Result<ServiceDefinition>;
  submit(sent: Submission): Promise<Result<Created>>;
  /** The same for what is exchanged with another system. */
  bring(sent: Submission): Promise<Result<Brought>>;
  /** The case that stands for a report whose address in the system that it was made in first is this; ours by our own. */
  matterOf(jurisdiction: Jurisdiction, origin: string): Promise<{ readonly matter: string; readonly number: string } | undefined>;
  requests(jurisdiction: Jurisdiction, query: RequestsQuery, reader: Reader): Promise<Result<RequestPage>>;
  request(jurisdiction: Jurisdiction, id: string, reader: Reader): Promise<Result<ServiceRequest[]>>;
  /** The number of the report that came under a token: the Idempotency-Key of this caller. Refusal: 404 `open311.token`. */
  token(jurisdiction: Jurisdiction, token: string, program: Actor | null): Promise<Result<Token>>;
  picture(jurisdiction: Jurisdiction, id: string, digest: string): Promise<Result<Buffer>>;
  readonly updates: ReturnType<typeof createUpdates>;
  /** Fetches pictures that reports named by their address. @returns how many were looked at: more may be waiting. */
  fetchMedia(): Promise<number>;
}

export const createOpen311 = (needs: Needs): Open311 => {
  const { world, identity } = needs;
  const offer = createOffer(needs);
  const requests = createRequests(needs);
  const { submit, bring, caseOf } = createSubmit(needs);
  return {
    jurisdiction: offer,
    async program({ county }, key, signedIn) {
      const holder = key === undefined ? (signedIn.kind === 'program' ? signedIn : null) : await identity.sessions.authenticate({ headers: { authorization: `Bearer ${key}` } });
      if (holder === null) return null;
      return !isRefusal(holder) && holder.kind === 'program' && holder.grants.some((grant) => grant.county === county && grant.from <= world.now() && (grant.until === null || world.now() < grant.until))
        ? holder : refuse(403, 'open311.key');
    },
    async discovery(language) {
      const home = await offer(undefined);
      if (isRefusal(home)) return home;
      const texts = textsOf('open311');
      const endpoint = (url: string, type: string) => ({ specification: 'http://wiki.open311.org/GeoReport_v2', url, changeset: shippedCategories.changeset, type, formats: ['text/xml', 'application/json'] });
      return {
        changeset: shippedCategories.changeset,
        contact: home.settings.contact ?? say(texts, language, 'discovery.contact', { county: home.name[language] }), key_service: say(texts, language, 'discovery.key_service', { county: home.name[language] }),
        endpoints: [
          endpoint(`${world.config.url}/open311/v2`, world.demo ? 'test' : 'production'),
          ...(home.settings.test === undefined ? [] : [endpoint(home.settings.test, 'test')]),
        ],
      };
    },
    services: ({ services, rows }, language) => services.filter((service) => rows(service).length > 0).map((service) => itemOf(service, language)),
    service(jurisdiction, code, language) {
      const found = jurisdiction.service(code);
      return found ? definitionOf(found, language) : refuse(404, 'open311.service', { service: code.slice(0, 60) });
    },
    submit, bring,
    matterOf: ({ county }, origin) => caseOf(county, origin),
    requests: requests.list,
    request: requests.one,
    async token({ county }, token, program) {
      const [found] = await readTokens(world.db, county, [opOf(program?.id ?? 'anyone', token), ...(isUuid(token) ? [token] : [])]);
      return found ? { service_request_id: found.number, token } : refuse(404, 'open311.token', { token: token.slice(0, 60) });
    },
    picture: requests.picture,
    updates: createUpdates(needs),
    fetchMedia: createMedia(needs, offer),
  };
};
