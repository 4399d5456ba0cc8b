import type { GeoJSONSourceSpecification } from 'maplibre-gl';

/** The town's shapes in WGS-84; members of each feature's properties: `kind`, `code`, `name`. */
export type TownGeometry = Exclude<GeoJSONSourceSpecification['data'], string>;

/** Where a town is looked at while nothing of it is drawn: 泗门, the demo's place. */
const nowhere: [number, number, number, number] = [121.0, 30.13, 121.09, 30.23];

/** West, south, east and north of all that is drawn. */
export const boundsOf = (town: TownGeometry): [number, number, number, number] => {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  const widen = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [lng, lat] = part as unknown[];
    if (typeof lng === 'number' && typeof lat === 'number') {
      box[0] = Math.min(box[0], lng);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lng);
      box[3] = Math.max(box[3], lat);
    } else for (const each of part) widen(each);
  };
  if (town.type === 'FeatureCollection') for (const { geometry } of town.features) if ('coordinates' in geometry) widen(geometry.coordinates);
  return box[0] > box[2] ? nowhere : box;
};

let loaded: Promise<TownGeometry> | null = null;

/** The shapes of the town, read once per page. Empty where the server has none for this session. */
export const townGeometry = (): Promise<TownGeometry> => {
  loaded ??= fetch('/api/places/geometry', { credentials: 'same-origin' }).then(
    async (answer) => (answer.ok ? ((await answer.json()) as TownGeometry) : { type: 'FeatureCollection', features: [] }),
    () => {
      loaded = null;
      return { type: 'FeatureCollection', features: [] };
    },
  );
  return loaded;
};
