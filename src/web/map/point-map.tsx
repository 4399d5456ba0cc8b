import { lazy, Suspense } from 'react';
import { useWebSay } from '../shared/language.tsx';
import type { Tone } from '../ui/status.tsx';

const TownMap = lazy(() => import('./town-map.tsx'));

interface Props {
  /** WGS-84 degrees; null where nobody said where it is. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
  /** Name of the place around the point. */
  readonly label: string;
  /** What stands at the point. */
  readonly title: string;
  readonly tone: Tone;
}

/** A point on the town's own map; the map's code comes only when one is shown. */
export const PointMap = ({ point, label, title, tone }: Props) => {
  const say = useWebSay();
  if (!point) return <div className="map map-gap"><p>{say('map.outside')}</p></div>;
  return (
    <Suspense fallback={<div className="map map-gap"><p>{say('map.loading')}</p></div>}>
      <TownMap title={say('map.title', { what: title })} center={point} zoom={16} marks={[{ id: 'here', lng: point.lng, lat: point.lat, label, tone, chosen: true }]} />
    </Suspense>
  );
};
