import { mod97_10 } from '../../../base/check-digits.ts';

/**
 * Numbers that people say: `YYMMDD-figure-check`, such as 261124-5831-07. The figure shows no order: each width of
 * figures is walked through in steps that share no factor with their count. The check digits (ISO 7064 MOD 97-10, over
 * county, day and figure) refuse a misheard digit instead of finding another's case, also in another county.
 */
const widths = [{ from: 1000, count: 9_000, step: 5_717 }, { from: 10_000, count: 90_000, step: 57_173 }, { from: 100_000, count: 900_000, step: 571_733 }] as const;

/** The number of the `index`-th figure (from 0) that a county leased on a day (`YYMMDD`). @throws RangeError beyond 999,000 a day */
export const matterNumber = (county: string, day: string, index: number): string => {
  let rest = index;
  for (const { from, count, step } of widths) {
    if (rest < count) {
      const figure = from + ((rest * step + Number(day)) % count);
      return `${day}-${figure}-${mod97_10.of(`${digitsOf(county)}${day}${figure}`)}`;
    }
    rest -= count;
  }
  throw new RangeError(`matterNumber: ${index} matters on ${day} are more than a county's day can number`);
};

const digitsOf = (county: string): string => county.replace(/\D/g, '');

/** Full-width digits and any spaces, dashes or dots are taken as people type them; undefined where the check digits are wrong. */
export const readNumber = (county: string, text: string): string | undefined => {
  const digits = text.normalize('NFKC').replace(/[^0-9]/g, '');
  if (digits.length < 12 || digits.length > 14) return undefined;
  const [day, figure, check] = [digits.slice(0, 6), digits.slice(6, -2), digits.slice(-2)];
  return mod97_10.of(`${digitsOf(county)}${day}${figure}`) === check ? `${day}-${figure}-${check}` : undefined;
};
