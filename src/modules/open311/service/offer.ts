import { readFileSync } from 'node:fs';
import type { Text } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { StandardRow } from '../../catalogue/index.ts';
import type { Open311Settings } from '../contract.ts';
import { codeOfKey, type Service } from '../rules/services.ts';
import { readCounties } from '../store.ts';
import type { Needs } from './needs.ts';

/** A county as an Open311 end answers for it. */
export interface Jurisdiction {
  readonly county: string;
  readonly name: Text;
  readonly settings: Open311Settings;
  /** Minutes that local time is ahead of UTC. */
  readonly offset: number;
  /** In the order in which they are listed. */
  readonly services: readonly Service[];
  /** The service that a code of the code table belongs to; undefined for what is not public. */
  serviceOf(key: string | null): Service | undefined;
  service(code: string): Service | undefined;
  /** Rows of a service in the table that counts now. */
  rows(service: Service): readonly StandardRow[];
  /** Keys of all rows of these services, of every version of the table: what cases stand under. */
  keys(services: readonly Service[]): readonly string[];
}

interface Shipped {
  readonly changeset: string;
  readonly services: readonly Service[];
}

/** The services as they ship, with the time of their last change. */
export const shipped = JSON.parse(readFileSync(new URL('../../../../data/open311/services.json', import.meta.url), 'utf8')) as Shipped;

/** How long names and settings of counties are kept in memory, in milliseconds. */
const keepMs = 15_000;

/** Finds the county that an Open311 request is for, and what it offers. */
export const createOffer = ({ world, catalogue, matters }: Pick<Needs, 'world' | 'catalogue' | 'matters'>) => {
  const counties = remembered(world.now, keepMs, () => readCounties(world.db));
  const made = new Map<string, { readonly mark: string; readonly jurisdiction: Jurisdiction }>();

  const make = (county: string, name: Text, settings: Open311Settings): Jurisdiction => {
    const version = catalogue.currentVersion(county, world.now());
    const current = version === undefined ? [] : catalogue.rows(county, version);
    const present = new Set(current.map(({ code }) => code));
    const services = shipped.services.filter(({ code, rows }) => (settings.services === undefined || settings.services.includes(code)) && rows.some((row) => present.has(row)));
    const byRow = new Map(services.flatMap((service) => service.rows.map((row) => [row, service] as const)));
    const keysBy = Map.groupBy(new Set(catalogue.versions(county).flatMap((one) => catalogue.rows(county, one.version).map(({ key }) => key))), (key) => byRow.get(codeOfKey(key))?.code);
    return {
      county, name, settings, services, offset: matters.calendar(county).offsetMinutes,
      serviceOf: (key) => (key === null ? undefined : byRow.get(codeOfKey(key))),
      service: (code) => services.find((service) => service.code === code),
      rows: (service) => current.filter(({ code }) => service.rows.includes(code)),
      keys: (asked) => asked.flatMap(({ code }) => keysBy.get(code) ?? []),
    };
  };

  /**
   * The county of a `jurisdiction_id`: its code or the name it has given itself; the installation's first where none is said.
   * Refusal: 404 `open311.jurisdiction`.
   */
  return async (asked: string | undefined): Promise<Result<Jurisdiction>> => {
    const all = await counties('');
    const found = asked === undefined ? all[0] : all.find(({ county, settings }) => county === asked || (settings?.jurisdiction !== undefined && settings.jurisdiction === asked));
    if (!found) return refuse(404, 'open311.jurisdiction', { jurisdiction: asked ?? '' });
    const mark = JSON.stringify([catalogue.versions(found.county)[0]?.version, catalogue.currentVersion(found.county, world.now()), found.name, found.settings]);
    const known = made.get(found.county);
    if (known?.mark === mark) return known.jurisdiction;
    const jurisdiction = make(found.county, found.name, found.settings ?? {});
    made.set(found.county, { mark, jurisdiction });
    return jurisdiction;
  };
};

export type Offer = ReturnType<typeof createOffer>;
