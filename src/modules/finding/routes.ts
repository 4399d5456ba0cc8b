import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { say } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { dayStart } from '../catalogue/rules/days.ts';
import { allPages, type Identity } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import { exportFound, search, searchByPhone } from './contract.ts';
import type { Finding, SearchFilter } from './service.ts';

interface Asked {
  readonly kind?: string; readonly state?: string; readonly place?: string; readonly from?: string; readonly until?: string; readonly after?: string; readonly limit?: number;
}

const day = 86_400_000;

/** What a list that leaves needs of elsewhere. `offsetOf` is the minutes that a county's time is ahead of UTC. */
interface Around {
  readonly identity: Pick<Identity, 'world' | 'send'>;
  offsetOf(county: string): number;
}

/** @param pathOf stored path of a place's code */
export const findingRoutes = (finding: Finding, pathOf: (county: string, code: string) => string | undefined, { identity, offsetOf }: Around): Mounted[] => {
  const filterOf = (actor: Actor, { place, from, until, after, ...rest }: Asked): Result<SearchFilter> => {
    const county = actor.grants[0]?.county;
    const path = place === undefined || county === undefined ? undefined : pathOf(county, place);
    if (place !== undefined && path === undefined) return refuse(422, 'matters.no-such-place', { place });
    if (after !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(after)) return refuse(422, 'matters.cursor-wrong');
    const [first, last] = [from, until].map((one) => (one === undefined ? undefined : dayStart(one, county === undefined ? 0 : offsetOf(county))));
    if ((from !== undefined && first === undefined) || (until !== undefined && last === undefined)) return refuse(422, 'finding.no-such-day');
    return { ...rest, ...(path !== undefined && { path }), ...(after !== undefined && { after }), ...(first !== undefined && { from: first }), ...(last !== undefined && { until: last + day }) };
  };
  return [
    handle(search, async ({ actor, query: { q, ...asked }, language }) => {
      const filter = filterOf(actor, asked);
      return isRefusal(filter) ? filter : finding.search(actor, q, filter, language);
    }),
    handle(exportFound, async ({ actor, query: { q, format, ...asked }, language, reply }) => {
      const grant = actor.grants.find((one) => holds(one, identity.world.now()));
      const filter = filterOf(actor, asked);
      if (isRefusal(filter)) return filter;
      if (!grant) return refuse(403, 'matters.no-county');
      const read = (after?: string) => finding.search(actor, q, { ...filter, ...(after !== undefined && { after }), limit: 100 }, language);
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, `found.${key}`);
      return identity.send(reply, {
        county: grant.county, kind: 'search', actor, grant, format, filter: asked, file: word('file'), offsetMinutes: offsetOf(grant.county),
        columns: ['number', 'title', 'state', 'code', 'place', 'component', 'unit', 'due', 'created'].map(word),
        rowOf: ({ matter }) => [
          matter.number, matter.title, matter.stateLabel, matter.code?.name ?? null, matter.place?.names.join(' · ') ?? null, matter.component && `${matter.component.name} ${matter.component.id}`, matter.leadUnit?.name ?? null,
          matter.clock?.dueAt == null ? null : { at: Date.parse(matter.clock.dueAt) }, { at: Date.parse(matter.createdAt) },
        ],
      }, allPages(first, read));
    }),
    handle(searchByPhone, async ({ actor, body: { phone, purpose, ...asked }, language }) => {
      const filter = filterOf(actor, asked);
      return isRefusal(filter) ? filter : finding.searchByPhone(actor, phone, purpose, filter, language);
    }),
  ];
};
