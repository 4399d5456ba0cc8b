import { useEffect, useRef, useState } from 'react';
import { day, ground } from '../../../base/tokens.ts';
import type { Area, CarriedComponent } from '../../../modules/rounds/contract/pack.ts';
import type { Position } from '../../shared/pictures/pictures.ts';
import { useSay } from '../texts.ts';

/** Something at a point of the map. */
export interface AreaMark {
  readonly id: string;
  readonly lng: number;
  readonly lat: number;
  readonly tone: 'task' | 'done' | 'missing' | 'here';
}

interface Props {
  readonly title: string;
  readonly area: Area;
  readonly components: readonly CarriedComponent[];
  readonly marks: readonly AreaMark[];
  readonly here: Position | null;
  /** WGS-84 degrees; the middle of the own grids where absent. */
  readonly center?: { readonly lng: number; readonly lat: number } | null;
}

interface View {
  readonly lng: number;
  readonly lat: number;
  /** Pixels of a degree of latitude. */
  readonly scale: number;
}

type Ring = readonly (readonly [number, number])[];

/** Lines and rings of a shape, whatever its kind. */
const ringsOf = (type: string, coordinates: unknown): readonly Ring[] => {
  switch (type) {
    case 'LineString': return [coordinates as Ring];
    case 'Polygon': case 'MultiLineString': return coordinates as readonly Ring[];
    case 'MultiPolygon': return (coordinates as readonly (readonly Ring[])[]).flat();
    default: return [];
  }
};

const paints: Readonly<Record<string, { readonly fill?: string; readonly line?: string; readonly wide?: number }>> = {
  green: { fill: ground.green }, water: { fill: ground.water, line: ground.water, wide: 2 }, road: { line: ground.road, wide: 4 },
};
const tones: Readonly<Record<AreaMark['tone'], string>> = { task: day.lamp, done: day.done, missing: day.late, here: day.action };

const boxOf = (area: Area): { readonly west: number; readonly south: number; readonly east: number; readonly north: number } | null => {
  const own = new Set(area.own);
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const shape of area.shapes)
    if (shape.kind === 'grid' && shape.code !== null && own.has(shape.code))
      for (const ring of ringsOf(shape.type, shape.coordinates)) for (const [lng, lat] of ring) [west, south, east, north] = [Math.min(west, lng), Math.min(south, lat), Math.max(east, lng), Math.max(north, lat)];
  return west > east ? null : { west, south, east, north };
};

/** Draws the map; about 5 ms for a village on an old phone. */
const draw = (canvas: HTMLCanvasElement, view: View, { area, components, marks, here }: Props): void => {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) { canvas.width = width * ratio; canvas.height = height * ratio; }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = ground.land;
  context.fillRect(0, 0, width, height);
  const shrink = Math.cos((view.lat * Math.PI) / 180);
  const x = (lng: number): number => width / 2 + (lng - view.lng) * view.scale * shrink;
  const y = (lat: number): number => height / 2 - (lat - view.lat) * view.scale;
  const path = (rings: readonly Ring[]): void => {
    context.beginPath();
    for (const ring of rings) ring.forEach(([lng, lat], at) => (at === 0 ? context.moveTo(x(lng), y(lat)) : context.lineTo(x(lng), y(lat))));
  };
  const metre = view.scale / 111_195;
  for (const kind of ['green', 'water', 'road']) {
    const paint = paints[kind]!;
    for (const shape of area.shapes) {
      if (shape.kind !== kind) continue;
      path(ringsOf(shape.type, shape.coordinates));
      if (paint.fill && shape.type.endsWith('Polygon')) { context.fillStyle = paint.fill; context.fill('evenodd'); }
      else if (paint.line) {
        context.lineCap = 'round';
        context.lineWidth = Math.max(1.5, (shape.wide ?? 6) * metre);
        if (kind === 'road') { context.strokeStyle = ground.roadEdge; context.lineWidth += 1.5; context.stroke(); context.lineWidth -= 1.5; }
        context.strokeStyle = paint.line;
        context.stroke();
      }
    }
  }
  const own = new Set(area.own);
  for (const shape of area.shapes) {
    if (shape.kind !== 'grid' || shape.code === null) continue;
    const mine = own.has(shape.code);
    path(ringsOf(shape.type, shape.coordinates));
    context.strokeStyle = mine ? day.action : day.lineStrong;
    context.lineWidth = mine ? 2 : 1;
    context.setLineDash(mine ? [] : [4, 4]);
    context.stroke();
    context.setLineDash([]);
  }
  if (metre > 0.25) {
    context.fillStyle = day.ink3;
    for (const { lng, lat } of components) {
      const [left, top] = [x(lng), y(lat)];
      if (left < -5 || top < -5 || left > width + 5 || top > height + 5) continue;
      context.beginPath();
      context.arc(left, top, Math.min(5, 1.5 + metre), 0, 7);
      context.fill();
    }
  }
  for (const mark of marks) {
    context.beginPath();
    context.arc(x(mark.lng), y(mark.lat), mark.tone === 'done' ? 6 : 8, 0, 7);
    context.fillStyle = tones[mark.tone];
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = day.ink;
    context.stroke();
    // What is missing is told by its shape too.
    if (mark.tone === 'missing') { context.fillStyle = day.card; context.fillRect(x(mark.lng) - 1.5, y(mark.lat) - 4.5, 3, 9); }
  }
  if (here) {
    context.beginPath();
    context.arc(x(here.lng), y(here.lat), Math.max(9, here.accuracy * metre), 0, 7);
    context.fillStyle = 'rgb(11 86 107 / 0.18)';
    context.fill();
    context.beginPath();
    context.arc(x(here.lng), y(here.lat), 6, 0, 7);
    context.fillStyle = day.action;
    context.fill();
    context.strokeStyle = day.card;
    context.lineWidth = 2;
    context.stroke();
  }
};

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] } as const;

/** The worker's own grids, drawn from what the phone has: no tile, no WebGL, no network. Fingers, mouse and arrow keys move it. */
export const AreaMap = (props: Props) => {
  const say = useSay();
  const { title, area, center, here } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<View | null>(null);
  const begin = useRef((): View => ({ lng: 0, lat: 0, scale: 1 }));
  begin.current = (): View => {
    const box = boxOf(area);
    if (center) return { ...center, scale: 111_195 * 1.2 };
    if (!box) return { lng: here?.lng ?? 121.03, lat: here?.lat ?? 30.17, scale: 60_000 };
    const width = canvas.current?.clientWidth ?? 360;
    const height = canvas.current?.clientHeight ?? 280;
    const lat = (box.south + box.north) / 2;
    return { lng: (box.west + box.east) / 2, lat, scale: 0.92 * Math.min(width / ((box.east - box.west) * Math.cos((lat * Math.PI) / 180)), height / (box.north - box.south)) };
  };
  useEffect(() => setView(begin.current()), [area]);
  useEffect(() => { if (canvas.current && view) draw(canvas.current, view, props); });
  useEffect(() => {
    const again = (): void => { if (canvas.current && view) draw(canvas.current, view, props); };
    addEventListener('resize', again);
    return () => removeEventListener('resize', again);
  });
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const zoom = (by: number): void => setView((before) => before && { ...before, scale: Math.min(4e6, Math.max(3_000, before.scale * by)) });
  const push = (dx: number, dy: number): void => setView((before) => before && { ...before, lng: before.lng - dx / (before.scale * Math.cos((before.lat * Math.PI) / 180)), lat: before.lat + dy / before.scale });
  return (
    <div className="map area-map">
      <canvas
        ref={canvas} role="img" tabIndex={0} aria-label={say('map.label', { what: title })}
        onKeyDown={(event) => {
          const step = steps[event.key as keyof typeof steps];
          if (step) { event.preventDefault(); push(-step[0] * 60, step[1] * 60); }
          if (event.key === '+' || event.key === '=') zoom(1.5);
          if (event.key === '-') zoom(1 / 1.5);
        }}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY }); }}
        onPointerMove={(event) => {
          const before = fingers.current.get(event.pointerId);
          if (!before) return;
          const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
          if (other) {
            const was = Math.hypot(before.x - other.x, before.y - other.y);
            const now = Math.hypot(event.clientX - other.x, event.clientY - other.y);
            if (was > 10 && now > 10) zoom(now / was);
          } else push(event.clientX - before.x, event.clientY - before.y);
          fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        }}
        onPointerUp={(event) => fingers.current.delete(event.pointerId)} onPointerCancel={(event) => fingers.current.delete(event.pointerId)}
      />
      <div className="map-zoom">
        <button type="button" aria-label={say('map.in')} onClick={() => zoom(1.6)}>+</button>
        <button type="button" aria-label={say('map.out')} onClick={() => zoom(1 / 1.6)}>−</button>
        {here && <button type="button" aria-label={say('map.here')} onClick={() => setView((before) => before && { ...before, lng: here.lng, lat: here.lat })}>◎</button>}
      </div>
    </div>
  );
};
