import { say, type Language } from '../../../base/text/language.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { textsOf } from '../../../platform/texts.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { ServiceRequest } from '../contract.ts';
import type { RequestRow } from '../reads.ts';
import { readFinished } from '../reads.ts';
import { statusOf } from '../rules/status.ts';
import type { Service } from '../rules/services.ts';
import { stamp } from '../rules/window.ts';
import type { Needs } from './needs.ts';
import type { Jurisdiction } from './offer.ts';

/** A case that may be shown, with the service that it is shown under. */
export interface Shown {
  readonly row: RequestRow;
  readonly service: Service;
  /** Metres from the point that was asked about. */
  readonly metres?: number;
}

/** Names of units may be seen this late, in milliseconds. */
const keepMs = 15_000;
/** Levels that everybody knows they are in, and those that name somebody's house. */
const unsaid = new Set(['province', 'city', 'county', 'microgrid']);

/**
 * The title of a case without the house that it may name: what is wrong with a component as it stands, elsewhere what is wrong
 * in which grid. A title is `what or where · condition`.
 */
const titleOf = ({ title, component }: RequestRow, place: string | undefined, service: string): string => {
  if (component !== null && title !== '') return title;
  const [, ...condition] = title.split(' · ');
  return [place, condition.join(' · ') || service].filter((part) => part !== undefined).join(' · ');
};

/** Writes cases out for the public. What is not in `RequestRow` cannot get in here. */
export const createView = ({ world, identity, places }: Pick<Needs, 'world' | 'identity' | 'places'>) => {
  const unitBy = remembered(world.now, keepMs, async (key) => {
    const [county, unit] = key.split(' ') as [string, string];
    return (await identity.units.get(world.db, county, [unit])).get(unit)?.name;
  });

  return async ({ county, settings, offset }: Jurisdiction, shown: readonly Shown[], language: Language, extensions: boolean): Promise<ServiceRequest[]> => {
    const tree = await places.tree(county as CountyCode);
    const closed = settings.pictures === 'finished' ? shown.filter(({ row }) => row.state === 'closed').map(({ row }) => row.id) : [];
    const finished = new Map(closed.length === 0 ? [] : (await readFinished(world.db, county, closed)).map(({ matter, served }) => [matter, served]));
    const texts = textsOf('open311');
    // A thousand rows share a few places, units and notes: each is put into words once.
    const once = <T>(make: (key: string) => T): ((key: string) => T) => {
      const made = new Map<string, T>();
      return (key) => made.get(key) ?? (made.set(key, make(key)), made.get(key)!);
    };
    const whereOf = once((place) => {
      const found = tree.find(place);
      const chain = found ? tree.chain(found).filter(({ level }) => !unsaid.has(level)) : [];
      const names = chain.map(({ name }) => name);
      return { names, words: names.join(language === 'en' ? ' ' : ''), code: chain.at(-1)?.code ?? null };
    });
    const units = new Map<string, string | undefined>();
    for (const unit of new Set(shown.map(({ row }) => row.unit))) if (unit !== null) units.set(unit, (await unitBy(`${county} ${unit}`))?.[language]);
    const notes = once((key) => {
      const [state, unit, number] = key.split('\n') as [string, string, string];
      return say(texts, language, `notes.${state}`, { unit, number });
    });
    return shown.map(({ row, service, metres }): ServiceRequest => {
      const where = whereOf(row.place ?? '');
      const unit = row.unit === null ? undefined : units.get(row.unit);
      const picture = finished.get(row.id);
      return {
        service_request_id: row.number, status: statusOf(row.state), status_notes: notes(`${row.state}\n${unit ?? ''}\n${row.merged ?? ''}`),
        service_name: service.name[language], service_code: service.code, description: titleOf(row, where.names.at(-1), service.name[language]),
        ...(unit !== undefined && { agency_responsible: unit }),
        ...(service.notice && { service_notice: service.notice[language] }),
        requested_datetime: stamp(row.created_at.getTime(), offset), updated_datetime: stamp((row.ended_at ?? row.updated_at).getTime(), offset),
        ...(row.due_at && { expected_datetime: stamp(row.due_at.getTime(), offset) }),
        address: where.words, address_id: where.code, zipcode: settings.zipcode ?? null,
        lat: row.lat, long: row.lng,
        media_url: picture === undefined ? null : `${world.config.url}/open311/v2/media/${row.number}/${picture}.jpg?jurisdiction_id=${county}`,
        ...(extensions && { extended_attributes: { county, place: where.names, component: row.component, ...(metres !== undefined && { distance: Math.round(metres) }) } }),
      };
    });
  };
};
