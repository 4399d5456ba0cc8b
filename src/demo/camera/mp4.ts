import { profile, type ParameterSets } from './h264.ts';

/** Ticks of a second in these files. */
export const timescale = 1_000;

const u32 = (...values: number[]): Buffer => {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => out.writeUInt32BE(value >>> 0, at * 4));
  return out;
};
const u16 = (...values: number[]): Buffer => {
  const out = Buffer.alloc(2 * values.length);
  values.forEach((value, at) => out.writeUInt16BE(value, at * 2));
  return out;
};
const box = (type: string, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
};
const full = (type: string, version: number, flags: number, ...parts: Uint8Array[]): Buffer => box(type, u32((version << 24) | flags), ...parts);
const zeros = (count: number): Buffer => Buffer.alloc(count);
const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** The head of a fragmented MP4 (ISO/IEC 14496-12 and -15) with one H.264 track. */
export const mp4Head = (width: number, height: number, { sps, pps }: ParameterSets): Buffer => {
  const avcC = box('avcC', Buffer.from([1, ...profile, 0xff, 0xe1]), u16(sps.length), sps, Buffer.from([1]), u16(pps.length), pps);
  const avc1 = box('avc1', zeros(6), u16(1), zeros(16), u16(width, height), u32(0x480000, 0x480000, 0), u16(1), zeros(32), u16(24, 0xffff), avcC);
  const stbl = box('stbl', full('stsd', 0, 0, u32(1), avc1), full('stts', 0, 0, u32(0)), full('stsc', 0, 0, u32(0)), full('stsz', 0, 0, u32(0, 0)), full('stco', 0, 0, u32(0)));
  const minf = box('minf', full('vmhd', 0, 1, zeros(8)), box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1))), stbl);
  const mdia = box('mdia', full('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(0x55c4, 0)), full('hdlr', 0, 0, u32(0), Buffer.from('vide'), zeros(12), Buffer.from('demo\0')), minf);
  const trak = box('trak', full('tkhd', 0, 7, u32(0, 0, 1, 0, 0), zeros(8), u16(0, 0, 0, 0), unity, u32(width << 16, height << 16)), mdia);
  const moov = box('moov', full('mvhd', 0, 0, u32(0, 0, timescale, 0, 0x10000), u16(0x100, 0), zeros(8), unity, zeros(24), u32(2)), trak, box('mvex', full('trex', 0, 0, u32(1, 1, 0, 0, 0))));
  return Buffer.concat([box('ftyp', Buffer.from('iso6'), u32(1), Buffer.from('iso6avc1dash')), moov]);
};

/**
 * A piece: pictures one after another, of which the first begins anew.
 * @param begins ticks from the stream's own beginning @param lasts ticks that each picture is shown
 */
export const mp4Piece = (sequence: number, begins: number, lasts: number, pictures: readonly Uint8Array[]): Buffer => {
  const samples = pictures.map((one) => Buffer.concat([u32(one.length), one]));
  const moofOf = (offset: number): Buffer => box('moof', full('mfhd', 0, 0, u32(sequence)), box('traf',
    full('tfhd', 0, 0x020000, u32(1)), full('tfdt', 1, 0, u32(Math.floor(begins / 2 ** 32), begins)),
    full('trun', 0, 0x000701, u32(samples.length, offset, ...samples.flatMap((one, at) => [lasts, one.length, at === 0 ? 0x02000000 : 0x01010000])))));
  const size = moofOf(0).length;
  return Buffer.concat([moofOf(size + 8), box('mdat', ...samples)]);
};
