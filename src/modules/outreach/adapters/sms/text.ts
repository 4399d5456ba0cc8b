/** How the characters of a message are coded: 7 bits of the GSM default alphabet, or UCS-2. */
export type Coding = 'gsm7' | 'ucs2';

/** A text as it is handed to a short message centre: one part for each segment that a phone is sent. */
export interface Segments {
  readonly coding: Coding;
  /** User data of each segment without its header; `gsm7` unpacked, one septet an octet. */
  readonly parts: readonly Buffer[];
}

/** GSM 7 bit default alphabet (3GPP TS 23.038, 6.2.1), in the order of its codes; ␛ stands where the escape is. */
const basic = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ␛ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Its extension (6.2.1.1): reached by the escape, two septets each. */
const extension: Readonly<Record<string, number>> = { '\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65 };
const escape = 0x1b;

const septetsOf = new Map<string, readonly number[]>([
  ...[...basic].flatMap((char, code): [string, readonly number[]][] => (code === escape ? [] : [[char, [code]]])),
  ...Object.entries(extension).map(([char, code]): [string, readonly number[]] => [char, [escape, code]]),
]);

/** Octets of UCS-2 and septets of GSM 7 that one segment holds: alone, and beside the header of a long message (3GPP TS 23.040, 9.2.3.24.1). */
const room = { ucs2: { alone: 140, together: 134 }, gsm7: { alone: 160, together: 153 } } as const;

/** Cuts units that must stay whole (a character with its escape, a surrogate pair) into segments. */
const cut = (units: readonly Buffer[], { alone, together }: { readonly alone: number; readonly together: number }): Buffer[] => {
  const whole = Buffer.concat(units);
  if (whole.length <= alone) return [whole];
  const parts: Buffer[] = [];
  let part: Buffer[] = [];
  let size = 0;
  for (const unit of units) {
    if (size + unit.length > together) { parts.push(Buffer.concat(part)); part = []; size = 0; }
    part.push(unit);
    size += unit.length;
  }
  return [...parts, Buffer.concat(part)];
};

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Codes that GSM 7 and ASCII share for the same character. */
const isShared = (char: string): boolean => /^[\n\r !"#%&'()*+,\-./0-9:;<=>?A-Za-z]$/.test(char);

/**
 * Codes a text and cuts it into segments: GSM 7 where every character is in its alphabet, UCS-2 otherwise. No character is
 * cut in two. Lone surrogates become U+FFFD. A long message has at most 255 segments; no template comes near.
 * @param ascii for a peer that knows ASCII only: GSM 7 just where the two are the same
 */
export const segmentsOf = (text: string, ascii = false): Segments => {
  const chars = [...text.toWellFormed()];
  const septets = chars.map((char) => (ascii && !isShared(char) ? undefined : septetsOf.get(char)));
  return septets.every((found) => found !== undefined)
    ? { coding: 'gsm7', parts: cut(septets.map((codes) => Buffer.from(codes)), room.gsm7) }
    : { coding: 'ucs2', parts: cut(chars.map(ucs2), room.ucs2) };
};

/** User data header that joins segments (3GPP TS 23.040, 9.2.3.24.1): reference 0 to 255, number of parts, this part from 1. */
export const joinHeader = (reference: number, parts: number, part: number): Buffer => Buffer.from([5, 0, 3, reference & 0xff, parts, part]);

/** What a header says of the message that its segment belongs to; undefined for one that joins nothing. */
export const joinOf = (header: Uint8Array): { readonly reference: number; readonly parts: number; readonly part: number } | undefined => {
  for (let at = 1; at + 1 < header.length; at += 2 + header[at + 1]!) {
    const [element, length] = [header[at], header[at + 1]];
    if (element === 0 && length === 3) return { reference: header[at + 2]!, parts: header[at + 3]!, part: header[at + 4]! };
    if (element === 8 && length === 4) return { reference: header[at + 2]! * 256 + header[at + 3]!, parts: header[at + 4]!, part: header[at + 5]! };
  }
  return undefined;
};

/** Text of unpacked septets; an unknown escape is a space, as 23.038 asks. */
export const ofSeptets = (septets: Uint8Array): string => {
  const extended = new Map(Object.entries(extension).map(([char, code]) => [code, char]));
  const alphabet = [...basic];
  let text = '';
  for (let at = 0; at < septets.length; at++) {
    if (septets[at] === escape) text += extended.get(septets[++at] ?? 0) ?? ' ';
    else text += alphabet[septets[at]! & 0x7f];
  }
  return text;
};

/** Text of UCS-2 octets, high octet first; a last odd one is left out. */
export const ofUcs2 = (octets: Uint8Array): string => Buffer.from(octets.subarray(0, octets.length & ~1)).swap16().toString('utf16le').toWellFormed();
