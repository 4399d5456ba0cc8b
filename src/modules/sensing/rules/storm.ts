/** An alarm as it is looked at for a storm. */
export interface StormAlarm {
  readonly id: string;
  readonly kind: string;
  readonly rule: string;
  /** Stored path of its device. */
  readonly path: string;
  /** The devices around show the same: it is nothing that concerns this one alone. */
  readonly shared: boolean;
}

/** Alarms that are one event. */
export interface Storm {
  readonly kind: string;
  readonly rule: string;
  /** The smallest place that holds all of them. */
  readonly path: string;
  readonly parts: readonly string[];
}

/** Every path from a county down to a place: `…/330281/`, `…/330281/330281103/`. */
export const pathsAbove = (path: string, county: string): string[] => {
  const steps = path.split('/').filter(Boolean);
  const from = steps.indexOf(county);
  return steps.flatMap((_, at) => (at < Math.max(0, from) ? [] : [`${steps.slice(0, at + 1).join('/')}/`]));
};

const shared = (paths: readonly string[]): string => {
  const steps = paths.map((path) => path.split('/').filter(Boolean));
  const same: string[] = [];
  for (const [at, step] of (steps[0] ?? []).entries()) { if (!steps.every((one) => one[at] === step)) break; same.push(step); }
  return same.length > 0 ? `${same.join('/')}/` : '';
};

/**
 * Which alarms are one event: for a rule, a share of the devices of its kind in an area and at least so many of them; the widest
 * area that qualifies takes all that lie in it. Two or more that are shared with their neighbours are one whatever their number.
 * No alarm is in two.
 * @param alarms of the last moments, of which none has an event yet
 * @param devicesIn how many devices of a kind stand below a path
 */
export const stormsOf = (county: string, alarms: readonly StormAlarm[], devicesIn: (kind: string, path: string) => number, { share, atLeast }: { readonly share: number; readonly atLeast: number }): Storm[] => {
  const found: Storm[] = [];
  for (const [, ofRule] of Map.groupBy(alarms, ({ kind, rule }) => `${kind} ${rule}`)) {
    const { kind, rule } = ofRule[0]!;
    const taken = new Set<string>();
    const inside = new Map<string, StormAlarm[]>();
    for (const alarm of ofRule) for (const path of pathsAbove(alarm.path, county)) inside.set(path, [...(inside.get(path) ?? []), alarm]);
    for (const [path, within] of [...inside].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))) {
      const parts = within.filter(({ id }) => !taken.has(id));
      if (parts.length < atLeast || parts.length < share * devicesIn(kind, path)) continue;
      for (const { id } of parts) taken.add(id);
      found.push({ kind, rule, path: shared(parts.map((one) => one.path)), parts: parts.map(({ id }) => id) });
    }
    const together = ofRule.filter((alarm) => alarm.shared && !taken.has(alarm.id));
    // Those of one street: the place above the grid, so that two streets far apart are two.
    for (const [, parts] of Map.groupBy(together, ({ path }) => path.split('/').filter(Boolean).slice(0, 5).join('/')))
      if (parts.length > 1) found.push({ kind, rule, path: shared(parts.map((one) => one.path)), parts: parts.map(({ id }) => id) });
  }
  return found;
};
