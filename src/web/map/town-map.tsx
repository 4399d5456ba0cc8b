import 'maplibre-gl/dist/maplibre-gl.css';
import { Map as LibreMap, Marker, setWorkerUrl, type LngLatBoundsLike } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { useWebSay } from '../shared/language.tsx';
import type { Tone } from '../ui/status.tsx';
import { townGeometry } from './geometry.ts';
import { styleOf } from './style.ts';

// A file of our own, not a blob: the policy allows workers of our own address only.
setWorkerUrl(workerUrl);

/** Something at a point; its label is text in the page, so the map needs no glyphs. */
export interface Mark {
  readonly id: string;
  /** WGS-84 degrees. */
  readonly lng: number;
  readonly lat: number;
  readonly label: string;
  readonly tone: Tone;
  /** The one that the page is about. */
  readonly chosen: boolean;
}

interface Props {
  readonly title: string;
  readonly center: { readonly lng: number; readonly lat: number };
  readonly zoom: number;
  readonly marks: readonly Mark[];
  /** West, south, east, north: shown whole instead of centre and zoom. */
  readonly bounds?: readonly [number, number, number, number];
  /** Code of the place to fill. */
  readonly place?: string;
  readonly press?: (id: string) => void;
}

const markerElement = (mark: Mark, press: ((id: string) => void) | undefined): HTMLElement => {
  const element = document.createElement(press ? 'button' : 'div');
  element.className = `mark mark-${mark.tone}${mark.chosen ? ' mark-chosen' : ''}`;
  if (mark.label) {
    const words = document.createElement('span');
    words.textContent = mark.label;
    element.append(words);
  }
  if (press) {
    element.setAttribute('type', 'button');
    element.addEventListener('click', () => press(mark.id));
  }
  return element;
};

/** The town as its own data draws it, with marks on it. Says so in words where the device has no WebGL. */
const TownMap = ({ title, center, zoom, marks, bounds, place, press }: Props) => {
  const say = useWebSay();
  const frame = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LibreMap | null>(null);
  const [failed, setFailed] = useState(false);
  const start = useRef({ center, zoom, bounds });
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    let gone = false;
    let made: LibreMap | null = null;
    void townGeometry().then((town) => {
      if (gone || !frame.current) return;
      try {
        made = new LibreMap({
          container: frame.current,
          style: styleOf(town),
          attributionControl: false,
          dragRotate: false,
          pitchWithRotate: false,
          touchPitch: false,
          minZoom: 9,
          maxZoom: 20,
          fadeDuration: 0,
          ...(start.current.bounds ? { bounds: start.current.bounds as unknown as LngLatBoundsLike, fitBoundsOptions: { padding: 24 } } : { center: start.current.center, zoom: start.current.zoom }),
          locale: { 'Map.Title': title },
        });
        made.touchZoomRotate.disableRotation();
        setMap(made);
      } catch {
        setFailed(true);
      }
    });
    return () => {
      gone = true;
      made?.remove();
      setMap(null);
    };
  }, [title]);
  useEffect(() => {
    if (!map) return;
    const markers = marks.map((mark) => new Marker({ element: markerElement(mark, pressed.current && ((id) => pressed.current?.(id))) }).setLngLat([mark.lng, mark.lat]).addTo(map));
    return () => { for (const marker of markers) marker.remove(); };
  }, [map, marks]);
  useEffect(() => {
    if (!map || !place) return;
    const fill = (): void => {
      for (const layer of ['grid-chosen', 'grid-chosen-line']) map.setFilter(layer, ['==', ['get', 'code'], place]);
    };
    if (map.isStyleLoaded()) fill();
    else map.once('load', fill);
  }, [map, place]);
  return (
    <div className="map">
      {failed ? <p className="map-gap">{say('map.failed')}</p> : <div ref={frame} className="map-frame" />}
      {map && (
        <div className="map-zoom">
          <button type="button" aria-label={say('map.zoomIn')} onClick={() => map.zoomIn()}>+</button>
          <button type="button" aria-label={say('map.zoomOut')} onClick={() => map.zoomOut()}>−</button>
        </div>
      )}
    </div>
  );
};

export default TownMap;
