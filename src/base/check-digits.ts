/**
 * Check characters of ISO 7064, so that a number said over the telephone or typed from a plate is refused
 * when it was misheard instead of being looked up as somebody else's.
 *
 * What each catches, counted over every state of the system (tests/base/check-digits.test.ts):
 *
 * | system      | payload | adds              | one wrong character | two neighbours swapped |
 * |-------------|---------|-------------------|---------------------|------------------------|
 * | MOD 11-2    | 0-9     | one of 0-9, X     | all                 | all                    |
 * | MOD 97-10   | 0-9     | two of 0-9        | all                 | all                    |
 * | MOD 11,10   | 0-9     | one of 0-9        | all                 | all but 10 of 450      |
 * | MOD 37,36   | 0-9 A-Z | one of 0-9, A-Z   | all                 | all but 36 of 22,680   |
 *
 * The hybrid systems (with a comma) therefore need `swapSafe` where every swap must be caught:
 * whoever mints a number draws another payload when it says no.
 */
export interface CheckDigits {
  /** The check characters of a payload. @throws RangeError for a character outside the payload's alphabet. */
  readonly of: (payload: string) => string;
  /** True where the last characters are the check characters of those before; never throws. */
  readonly valid: (text: string) => boolean;
  /** How many check characters there are. */
  readonly length: 1 | 2;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const valueOf = (char: string, below: number): number => {
  const value = alphabet.indexOf(char);
  if (char === '' || value < 0 || value >= below) throw new RangeError(`check digits: ${JSON.stringify(char)} is none of the ${below} characters`);
  return value;
};

const validBy = (of: (payload: string) => string, length: 1 | 2) => (text: string): boolean => {
  if (text.length <= length) return false;
  try {
    return of(text.slice(0, -length)) === text.slice(-length);
  } catch {
    return false;
  }
};

/** ISO 7064 section 9: a hybrid system MOD m+1,m over the first m characters of 0-9 A-Z. */
const hybrid = (m: 10 | 36): CheckDigits => {
  const of = (payload: string): string => {
    let p: number = m;
    for (const char of payload) {
      const s = (p + valueOf(char, m)) % m || m;
      p = (2 * s) % (m + 1);
    }
    return alphabet[(m + 1 - p) % m]!;
  };
  return { of, valid: validBy(of, 1), length: 1 };
};

const mod11of = (payload: string): string => {
  let p = 0;
  for (const char of payload) p = ((p + valueOf(char, 10)) * 2) % 11;
  const check = (12 - p) % 11;
  return check === 10 ? 'X' : String(check);
};

const mod97of = (payload: string): string => {
  let p = 0;
  for (const char of payload) p = (p * 10 + valueOf(char, 10)) % 97;
  return String((98 - ((p * 100) % 97)) % 97).padStart(2, '0');
};

/** One digit; hybrid. */
export const mod11_10: CheckDigits = hybrid(10);
/** One letter or digit; hybrid. */
export const mod37_36: CheckDigits = hybrid(36);
/** One digit or X, as in GB 11643 identity numbers. */
export const mod11_2: CheckDigits = { of: mod11of, valid: validBy(mod11of, 1), length: 1 };
/** Two digits, as in IBAN. */
export const mod97_10: CheckDigits = { of: mod97of, valid: validBy(mod97of, 2), length: 2 };

/** True where no swap of two unequal neighbours in a valid text gives another valid one. */
export const swapSafe = (system: CheckDigits, text: string): boolean => {
  for (let i = 0; i + 1 < text.length; i++) {
    if (text[i] === text[i + 1]) continue;
    if (system.valid(text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2))) return false;
  }
  return true;
};
