/** What a picture says of itself: EXIF 2.32 (CIPA DC-008), the few members that the server reads. Pure. */

interface Told {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** WGS-84 degrees; null where nobody said. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
}

type Value = { readonly tag: number; readonly type: 2 | 4 | 5; readonly count: number; readonly bytes: readonly number[] };

const ascii = (tag: number, text: string): Value => ({ tag, type: 2, count: text.length + 1, bytes: [...text].map((char) => char.charCodeAt(0)).concat(0) });
const long = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const short = (value: number): number[] => [(value >>> 8) & 255, value & 255];
/** Degrees, minutes and ten-thousandths of a second, as three rationals. */
const degrees = (tag: number, value: number): Value => {
  const tenThousandths = Math.round(Math.abs(value) * 3600 * 10_000);
  const whole = Math.floor(tenThousandths / 36_000_000);
  const minutes = Math.floor((tenThousandths % 36_000_000) / 600_000);
  return { tag, type: 5, count: 3, bytes: [...long(whole), ...long(1), ...long(minutes), ...long(1), ...long(tenThousandths % 600_000), ...long(10_000)] };
};

/** A directory of values that begins at `start` of the block: its own entries, then what does not fit into four bytes. */
const directory = (start: number, values: readonly Value[]): number[] => {
  const head: number[] = [...short(values.length)];
  const rest: number[] = [];
  const after = start + 2 + values.length * 12 + 4;
  for (const { tag, type, count, bytes } of values) {
    head.push(...short(tag), ...short(type), ...long(count));
    if (bytes.length <= 4) head.push(...bytes, ...Array.from({ length: 4 - bytes.length }, () => 0));
    else {
      head.push(...long(after + rest.length));
      rest.push(...bytes, ...(bytes.length % 2 ? [0] : []));
    }
  }
  return [...head, 0, 0, 0, 0, ...rest];
};

const two = (value: number): string => String(value).padStart(2, '0');

/** The APP1 segment that says when and where. Times are those of Shanghai, and say so. */
const segment = ({ at, point }: Told): Uint8Array => {
  const local = new Date(at + 8 * 3_600_000);
  const text = `${local.getUTCFullYear()}:${two(local.getUTCMonth() + 1)}:${two(local.getUTCDate())} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  const exif: Value[] = [ascii(0x9003, text), ascii(0x9011, '+08:00')];
  const gps: Value[] = point === null ? [] : [
    ascii(0x0001, point.lat < 0 ? 'S' : 'N'), degrees(0x0002, point.lat), ascii(0x0003, point.lng < 0 ? 'W' : 'E'), degrees(0x0004, point.lng),
  ];
  const pointers = (exifAt: number, gpsAt: number): Value[] => [
    { tag: 0x8769, type: 4, count: 1, bytes: long(exifAt) }, ...(gps.length > 0 ? [{ tag: 0x8825, type: 4 as const, count: 1, bytes: long(gpsAt) }] : []),
  ];
  const exifAt = 8 + directory(8, pointers(0, 0)).length;
  const exifPart = directory(exifAt, exif);
  const gpsAt = exifAt + exifPart.length;
  const block = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, ...directory(8, pointers(exifAt, gpsAt)), ...exifPart, ...(gps.length > 0 ? directory(gpsAt, gps) : [])];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...block];
  return Uint8Array.from([0xff, 0xe1, ...short(body.length + 2), ...body]);
};

/** A JPEG with its time and place written into it; bytes that are no JPEG come back as they are. */
export const withPlaceAndTime = (jpeg: Uint8Array, told: Told): Uint8Array => {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return jpeg;
  const said = segment(told);
  const all = new Uint8Array(jpeg.length + said.length);
  all.set(jpeg.subarray(0, 2));
  all.set(said, 2);
  all.set(jpeg.subarray(2), 2 + said.length);
  return all;
};
