import { useSyncExternalStore } from 'react';
import type { Position } from '../../shared/pictures/pictures.ts';

let here: Position | null = null;
/** When it was last said, by the page's own count. */
let saidAt = 0;
const listeners = new Set<() => void>();
let watch: number | null = null;

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  if (watch === null && 'geolocation' in navigator)
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        saidAt = performance.now();
        here = { lng: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy };
        for (const each of listeners) each();
      },
      () => undefined,
      { enableHighAccuracy: true, maximumAge: 15_000, timeout: 20_000 },
    );
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || watch === null) return;
    navigator.geolocation.clearWatch(watch);
    watch = null;
  };
};

/** Where the phone is, renewed as it moves; null while it does not say. */
export const useHere = (): Position | null => useSyncExternalStore(subscribe, () => here);

/** Longer ago than this somebody is elsewhere by now, in milliseconds. */
const fresh = 60_000;

/** Where the phone said just now that it is; null where it has not. */
export const lastHere = (): Position | null => (performance.now() - saidAt < fresh ? here : null);
