/** Radius in metres within which 95 of 100 positions of an accuracy class lie. */
export const accuracyMetres = { A: 0.5, B: 1, C: 10 } as const;
export type AccuracyClass = keyof typeof accuracyMetres;

export const isAccuracyClass = (text: string): text is AccuracyClass => text === 'A' || text === 'B' || text === 'C';

/** Radius of 95 % of a two-dimensional normal distribution, in its standard deviations: sqrt(-2 ln 0.05). */
const radius95 = 2.447_746_8;
/** Standard deviation, an axis, of where people stand from what they photograph, metres. */
const standing = 3;

/** A component at a distance, with how likely it is the one meant. */
export interface Nearness {
  /** Metres from the point to the surveyed position. */
  readonly metres: number;
  /** Between these the true distance lies, 95 times of 100: both positions may be off. */
  readonly between: readonly [number, number];
  /** 0 to 1. */
  readonly likelihood: number;
}

/**
 * How likely each of the nearest components is the one that somebody means who stands at a point.
 *
 * The offset between the device's position and a component's surveyed one is taken as normal in both directions, with the
 * variances of three independent errors added: the device's (its accuracy is the radius of 95 %, as the Geolocation API
 * defines it), the survey's (class A 0.5 m, B 1 m, C 10 m) and how far people stand from what they photograph (3 m).
 * A candidate's weight is the density of its distance under that; "none of them" weighs what a candidate would at three
 * standard deviations. So a lamp that was surveyed to half a metre and lies 20 m from a precise position is out of the
 * question, while one of class C at the same distance is not.
 * @param device accuracy of the point in metres
 */
export const nearness = (found: readonly { readonly metres: number; readonly accuracy: AccuracyClass }[], device: number): Nearness[] => {
  const variance = (survey: number): number => (device / radius95) ** 2 + (survey / radius95) ** 2 + standing ** 2;
  const weights = found.map(({ metres, accuracy }) => {
    const v = variance(accuracyMetres[accuracy]);
    return Math.exp(-(metres ** 2) / (2 * v)) / v;
  });
  const none = Math.exp(-4.5) / variance(accuracyMetres.B);
  const sum = weights.reduce((total, weight) => total + weight, none);
  return found.map(({ metres, accuracy }, i) => {
    const reach = Math.hypot(device, accuracyMetres[accuracy]);
    return { metres, between: [Math.max(0, metres - reach), metres + reach], likelihood: weights[i]! / sum };
  });
};
