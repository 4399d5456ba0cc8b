import 'maplibre-gl/dist/maplibre-gl.css';
import { Map as LibreMap, Marker, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import { useWebSay } from '../shared/language.tsx';
import type { Tone } from '../ui/status.tsx';
import { boundsOf, componentsAround, townGeometry, villageNames } from './geometry.ts';
import { asData, styleOf } from './style.ts';

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
  /** What stands in the middle; the map moves there when it changes. */
  readonly center: { readonly lng: number; readonly lat: number } | null;
  readonly zoom?: number;
  readonly marks: readonly Mark[];
  /** Starts with the whole town instead of centre and zoom. */
  readonly whole?: boolean;
  /** Code of the place to fill. */
  readonly place?: string | null;
  /** Somebody pressed a mark. */
  readonly press?: (id: string) => void;
  /** Somebody pressed into a place: its code, the smallest one that is drawn there. */
  readonly choose?: (code: string) => void;
}

/** Drawn outlines, the smallest first. */
const outlines = ['grid-area', 'village-area'];

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

const nameElement = (name: string): HTMLElement => {
  const element = document.createElement('span');
  element.className = 'place-name';
  element.textContent = name;
  return element;
};

/** The town as its own data draws it, with marks on it. Says so in words where the device has no WebGL. */
const TownMap = ({ title, center, zoom = 16, marks, whole = false, place = null, press, choose }: Props) => {
  const say = useWebSay();
  const frame = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LibreMap | null>(null);
  const [failed, setFailed] = useState(false);
  const start = useRef({ center, zoom, whole });
  const pressed = useRef(press);
  pressed.current = press;
  const chosen = useRef(choose);
  chosen.current = choose;
  useEffect(() => {
    let gone = false;
    let made: LibreMap | null = null;
    void townGeometry(start.current.whole ? null : start.current.center).then((town) => {
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
          ...(start.current.center && !start.current.whole ? { center: start.current.center, zoom: start.current.zoom } : { bounds: boundsOf(town), fitBoundsOptions: { padding: 24 } }),
          locale: { 'Map.Title': title },
        });
        made.touchZoomRotate.disableRotation();
        made.on('click', (event) => {
          const hit = made!.queryRenderedFeatures(event.point, { layers: outlines.filter((layer) => made!.getLayer(layer)) })[0];
          const code: unknown = hit?.properties['code'];
          if (typeof code === 'string') chosen.current?.(code);
        });
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
    if (!map) return;
    const fill = (): void => {
      for (const layer of ['chosen', 'chosen-line']) map.setFilter(layer, ['==', ['get', 'code'], place ?? '']);
    };
    if (map.loaded()) fill();
    else map.once('load', fill);
  }, [map, place]);
  useEffect(() => {
    if (!map || !whole) return;
    let markers: readonly Marker[] = [];
    let gone = false;
    void townGeometry(null).then((town) => {
      if (gone) return;
      markers = villageNames(town).map(({ name, at }) => new Marker({ element: nameElement(name) }).setLngLat(at).addTo(map));
    });
    return () => {
      gone = true;
      for (const marker of markers) marker.remove();
    };
  }, [map, whole]);
  const { lng, lat } = center ?? {};
  useEffect(() => {
    if (!map || whole || lng === undefined || lat === undefined) return;
    const stop = new AbortController();
    componentsAround(lng, lat, stop.signal).then((found) => {
      const put = (): void => {
        const source = map.getSource('components') as GeoJSONSource | undefined;
        source?.setData(asData(found));
      };
      if (map.isStyleLoaded()) put();
      else map.once('load', put);
    }, () => undefined);
    return () => stop.abort();
  }, [map, whole, lng, lat]);
  useEffect(() => {
    if (map && lng !== undefined && lat !== undefined) map.jumpTo({ center: [lng, lat], ...(whole && { zoom: Math.max(map.getZoom(), 14.5) }) });
  }, [map, lng, lat, whole]);
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
