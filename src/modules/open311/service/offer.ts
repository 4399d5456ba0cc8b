import type { Text } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { Offer as PublicOffer } from '../../bulletin/index.ts';
import type { Categories, Category } from '../../cases/index.ts';
import type { Open311Settings } from '../contract.ts';
import { readCounties } from '../store.ts';
import type { Needs } from './needs.ts';

/** A county as an Open311 end answers for it. */
export interface Jurisdiction {
  readonly county: string;
  readonly name: Text;
  readonly settings: Open311Settings;
  /** Minutes that local time is ahead of UTC. */
  readonly offset: number;
  /** Public categories of the county for programs, in the order in which they are listed; those that the code table has no more among them. */
  readonly services: readonly Category[];
  /** What everybody may see there. */
  readonly offer: PublicOffer;
  /** The service that a code of the code table belongs to; undefined for what is not public. */
  serviceOf(key: string | null): Category | undefined;
  /** A service that reports can be made of: one that the code table has no more is none. */
  service(code: string): Category | undefined;
  /** A service that cases stand under, whether the code table still has it or not. */
  known(code: string): Category | undefined;
  readonly rows: Categories['rows'];
  readonly keys: Categories['keys'];
}

/** How long names and settings of counties are kept in memory, in milliseconds. */
const keepMs = 15_000;

/** Finds the county that an Open311 request is for, and what it offers. */
export const createOffer = ({ world, cases, bulletin, matters }: Pick<Needs, 'world' | 'cases' | 'bulletin' | 'matters'>) => {
  const counties = remembered(world.now, keepMs, () => readCounties(world.db));

  /**
   * The county of a `jurisdiction_id`: its code or the name it has given itself; the installation's first where none is said.
   * Refusal: 404 `open311.jurisdiction`.
   */
  return async (asked: string | undefined): Promise<Result<Jurisdiction>> => {
    const all = await counties('');
    const found = asked === undefined ? all[0] : all.find(({ county, settings }) => county === asked || (settings?.jurisdiction !== undefined && settings.jurisdiction === asked));
    if (!found) return refuse(404, 'open311.jurisdiction', { jurisdiction: asked ?? '' });
    const { county, name } = found;
    const settings = found.settings ?? {};
    const [offer, { rows, keys }] = await Promise.all([bulletin.offer(county), cases.categories(county)]);
    const services = offer.categories.filter(({ code }) => settings.services === undefined || settings.services.includes(code));
    return {
      county, name, settings, services, offer, rows, keys, offset: matters.calendar(county).offsetMinutes,
      serviceOf(key) {
        const category = offer.ofKey(key);
        return category && services.includes(category) ? category : undefined;
      },
      service: (code) => services.find((service) => service.code === code && rows(service).length > 0),
      known: (code) => services.find((service) => service.code === code),
    };
  };
};

export type Offer = ReturnType<typeof createOffer>;
