import type { GeoJSONSourceSpecification } from 'maplibre-gl';

/** The town's shapes in WGS-84; members of each feature's properties: `kind`, `code`, `name`. */
export type TownGeometry = Exclude<GeoJSONSourceSpecification['data'], string>;

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
