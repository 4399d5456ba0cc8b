/**
 * The one source of colour, space and type for every end: resident pages, field, console and screen.
 * Ratios in comments are WCAG contrast, measured by tests/pages/tokens.test.ts.
 */

/** Day palette: resident pages, field, console. */
export const day = {
  /** Text on paper: 15.4, 9.5, 5.5. */
  ink: '#14202B',
  ink2: '#33434F',
  ink3: '#566673',
  paper: '#FAF7F1',
  card: '#FFFFFF',
  /** What one can do; white on it: 8.2. */
  action: '#0B566B',
  actionPressed: '#083F4F',
  actionTint: '#E4F0F3',
  /** The lamp: attention and progress, never text on white. */
  lamp: '#F4B02A',
  lampTint: '#FFF4D6',
  lampText: '#704B00',
  /** Only for what is late or refused. */
  late: '#B42318',
  lateTint: '#FDECEA',
  done: '#1B6B3A',
  doneTint: '#E6F4EA',
  progress: '#1D4E89',
  progressTint: '#E8F0FA',
  /** Between things; the strong one bounds controls (3.0 on white). */
  line: '#D5DCE1',
  lineStrong: '#8796A1',
} as const;

/** Night palette: the frame of every end, and the whole of the screen. */
export const night = {
  frame: '#14202B',
  ground: '#0B141C',
  panel: '#101D28',
  line: '#1D2E3C',
  /** On the ground: 15.7, 7.3. */
  text: '#E6EDF2',
  dim: '#93A4B3',
  amber: '#FFC247',
  red: '#FF6B5E',
  green: '#5BD68A',
  cyan: '#4CC3D9',
} as const;

/** The map's own quiet colours; status is drawn over them with the day palette. */
export const ground = {
  land: '#EFEBDF',
  building: '#DDD6C4',
  road: '#FFFFFF',
  roadEdge: '#D9D2C0',
  water: '#CFE3EC',
  green: '#DCE6CF',
  label: '#33434F',
} as const;

/** System Chinese sans; no web font anywhere. */
export const fontFamily =
  '"PingFang SC","HarmonyOS Sans SC","MiSans","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif';

/** Pixels: body and heading of each end. */
export const typeSizes = {
  resident: { body: 18, small: 16, heading: 28 },
  elder: { body: 26, small: 22, heading: 34 },
  elderLarge: { body: 30, small: 26, heading: 38 },
  console: { body: 14, small: 12, heading: 20 },
  wall: { body: 16, small: 13, heading: 22 },
} as const;

/** Pixels. Space goes in steps of 4; targets are the least height of anything one can press. */
export const sizes = {
  step: 4,
  radiusStaff: 6,
  radiusResident: 12,
  target: 44,
  targetElder: 60,
  column: 620,
} as const;

const kebab = (name: string): string => name.replace(/[A-Z0-9]+/g, (part) => `-${part.toLowerCase()}`);

const declarations = (prefix: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).map(([name, value]) => `--${prefix}${kebab(name)}:${value};`).join('');

/**
 * The palettes as CSS custom properties of `:root`: `--ink`, `--action-tint`, `--night-panel`, `--ground-water`, `--font`.
 * Every end puts this at the head of its stylesheet.
 */
export const tokenCss = (): string =>
  `:root{${declarations('', day)}${declarations('night-', night)}${declarations('ground-', ground)}--font:${fontFamily};}`;
