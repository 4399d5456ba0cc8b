import { mod37_36, swapSafe } from '../../../base/check-digits.ts';

/** Letters and figures that are told apart on a weathered plate and over the telephone: no vowels, no 0 O 1 I L 2 Z 5 S 8 B U. */
const alphabet = '34679CDFGHJKMNPQRTVWXY';
/** Characters before the check character: 22^7 is 2.5 thousand million. */
const payloadLength = 7;

/**
 * A new plate code: 7 characters and the check character of ISO 7064 MOD 37,36. Payloads are drawn until the check
 * character is of the same alphabet and every swap of neighbours is caught (see `swapSafe`).
 * @param bytes gives that many random bytes
 */
export const newPlate = (bytes: (length: number) => Uint8Array): string => {
  for (;;) {
    let payload = '';
    while (payload.length < payloadLength)
      // Bytes beyond the last whole multiple of the alphabet would make its first letters likelier.
      for (const byte of bytes(16)) if (byte < 242 && payload.length < payloadLength) payload += alphabet[byte % alphabet.length]!;
    const plate = payload + mod37_36.of(payload);
    if (alphabet.includes(plate.at(-1)!) && swapSafe(mod37_36, plate)) return plate;
  }
};

/** As it is printed, in two groups of four: `K7M4-3QXP`. */
export const showPlate = (plate: string): string => `${plate.slice(0, 4)}-${plate.slice(4)}`;

/**
 * Reads what was scanned, typed or said: an address that ends in the plate, lower case, full-width, with any signs between.
 * @returns the plate, or null where a character was misread.
 */
export const readPlate = (text: string): string | null => {
  const last = /\/q\/([^/?#]+)/u.exec(text)?.[1] ?? text;
  const plate = last.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/gu, '');
  return plate.length === payloadLength + 1 && mod37_36.valid(plate) ? plate : null;
};
