import type { SeriesView } from '../../../../modules/sensing/contract/devices.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useDevicesSay } from './texts.ts';

type Point = SeriesView['points'][number];

/** The drawing in its own units; it grows with its frame. */
const [width, height] = [720, 260];
const edge = { left: 56, right: 14, top: 12, bottom: 28 };
/** Points drawn at the most; more are drawn as the span of their neighbours. */
const drawnAtMost = 360;

/** Points put together where there are more than can be seen: lowest and highest stay. */
export const gathered = (points: readonly Point[], most: number): Point[] => {
  if (points.length <= most) return [...points];
  const size = Math.ceil(points.length / most);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, at) => {
    const group = points.slice(at * size, (at + 1) * size);
    const count = group.reduce((sum, one) => sum + one.count, 0);
    return { at: group[0]!.at, value: group.reduce((sum, one) => sum + one.value * one.count, 0) / count, low: Math.min(...group.map(({ low }) => low)), high: Math.max(...group.map(({ high }) => high)), count, marks: 0 };
  });
};

/** Round figures for an axis, about `count` of them. */
export const ticksOf = (low: number, high: number, count = 4): number[] => {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) ticks.push(Math.round(at / step) * step);
  return ticks;
};

/** A series as a line with the span between its lowest and highest, and the limits of its rules. The table below it says the same. */
export const Chart = ({ series, limits, title }: { readonly series: SeriesView; readonly limits: readonly { readonly name: string; readonly limit: number }[]; readonly title: string }) => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const points = gathered(series.points, drawnAtMost);
  const [from, to] = [Date.parse(series.from), Date.parse(series.to)];
  const values = [...points.flatMap(({ low, high }) => [low, high]), ...limits.map(({ limit }) => limit)];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  const [bottom, top] = [least - room, most + room];
  const x = (at: number): number => edge.left + ((at - from) / (to - from)) * (width - edge.left - edge.right);
  const y = (value: number): number => height - edge.bottom - ((value - bottom) / (top - bottom)) * (height - edge.top - edge.bottom);
  const usual = { reading: 60_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[series.grain];
  const gap = Math.max(usual * 3, (to - from) / 24);
  const line = points.map((point, at) => `${at === 0 || Date.parse(point.at) - Date.parse(points[at - 1]!.at) > gap ? 'M' : 'L'}${x(Date.parse(point.at)).toFixed(1)} ${y(point.value).toFixed(1)}`).join('');
  const span = [...points.map((point) => `${x(Date.parse(point.at)).toFixed(1)},${y(point.high).toFixed(1)}`), ...points.toReversed().map((point) => `${x(Date.parse(point.at)).toFixed(1)},${y(point.low).toFixed(1)}`)].join(' ');
  const days = to - from > 2 * 86_400_000;
  const time = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language === 'zh-Hant' ? 'zh-TW' : 'zh-CN', days ? { month: 'numeric', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const numbers = points.map(({ value }) => value);
  return (
    <figure className="series-chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={say('chart.words', { title, count: series.points.length, low: number.format(Math.min(...numbers)), high: number.format(Math.max(...numbers)), last: number.format(numbers.at(-1)!), unit: series.unit })}>
        {ticksOf(bottom, top).map((tick) => (
          <g key={tick}><line className="chart-grid" x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} /><text className="chart-tick" x={edge.left - 6} y={y(tick)} textAnchor="end" dominantBaseline="middle">{number.format(tick)}</text></g>
        ))}
        {[0, 0.25, 0.5, 0.75, 1].map((part) => <text key={part} className="chart-tick" x={x(from + part * (to - from))} y={height - 8} textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}>{time.format(from + part * (to - from))}</text>)}
        {points.length > 1 && <polygon className="chart-span" points={span} />}
        <path className="chart-line" d={line} />
        {points.length < 60 && points.map((point) => <circle key={point.at + String(point.value)} className="chart-dot" cx={x(Date.parse(point.at))} cy={y(point.value)} r="2.2" />)}
        {limits.map(({ name, limit }) => <g key={name}><line className="chart-limit" x1={edge.left} x2={width - edge.right} y1={y(limit)} y2={y(limit)} /><text className="chart-limit-name" x={width - edge.right} y={y(limit) - 4} textAnchor="end">{name} {number.format(limit)}</text></g>)}
      </svg>
    </figure>
  );
};
