import type { Language } from '../../../base/text/language.ts';
import type { Bulletin, PublicCase, Shown } from '../../bulletin/index.ts';
import type { World } from '../../../platform/world.ts';
import type { ServiceRequest } from '../contract.ts';
import { stamp } from '../rules/window.ts';
import { readReports } from '../store.ts';
import type { Jurisdiction } from './offer.ts';

/** A case that may be shown, with the metres from the point that was asked about. */
export interface ShownAround extends Shown {
  readonly metres?: number;
}

/** Writes public cases out in the terms of GeoReport v2. */
export const createView = (world: Pick<World, 'config' | 'db'>, bulletin: Pick<Bulletin, 'view'>) =>
  async ({ county, settings, offset }: Jurisdiction, shown: readonly ShownAround[], language: Language, extensions: boolean): Promise<ServiceRequest[]> => {
    const origins = new Map(extensions && shown.length > 0 ? (await readReports(world.db, county, shown.map(({ row }) => row.id))).map(({ matter, origin }) => [matter, origin]) : []);
    const requestOf = (one: PublicCase, { row, metres }: ShownAround): ServiceRequest => ({
      service_request_id: one.number, status: one.open ? 'open' : 'closed', status_notes: one.words,
      service_name: one.category.name[language], service_code: one.category.code, description: one.summary === null ? one.title : `${one.title}\n${one.summary}`,
      ...(one.unit !== null && { agency_responsible: one.unit }),
      ...(one.category.notice && { service_notice: one.category.notice[language] }),
      requested_datetime: stamp(one.at, offset), updated_datetime: stamp(one.changedAt, offset),
      ...(one.dueAt !== null && { expected_datetime: stamp(one.dueAt, offset) }),
      address: one.where.words, address_id: one.where.code, zipcode: settings.zipcode ?? null,
      lat: one.point?.lat ?? null, long: one.point?.lng ?? null,
      media_url: one.picture === null ? null : `${world.config.url}/open311/v2/media/${one.number}/${one.picture}.jpg?jurisdiction_id=${county}`,
      ...(extensions && { extended_attributes: { county, place: [...one.where.names], component: one.component, ...(metres !== undefined && { distance: Math.round(metres) }), ...(origins.get(row.id) && { origin: origins.get(row.id)! }) } }),
    });
    return (await bulletin.view(county, shown, language, settings.pictures === 'finished')).map((one, at) => requestOf(one, shown[at]!));
  };
