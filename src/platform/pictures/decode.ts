import { createHash } from 'node:crypto';
import exifr from 'exifr';
import sharp, { type Metadata } from 'sharp';
import type { Digest } from '../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';

/** A picture written anew, and what its original told. */
export interface Decoded {
  /** JPEG, sRGB, upright, without metadata, at most 2,048 pixels a side. */
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
  /** Of the original as received. */
  readonly original: Digest;
  /** Milliseconds since 1970; null where the original does not say or says something impossible. */
  readonly takenAt: number | null;
  /** WGS-84 degrees, as phones write them; null where the original does not say. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
}

/** Longest side of what is served, pixels. */
const side = 2_048;
/** Telephones take up to 108 megapixels in earnest; beyond that it is a bomb or a mistake. */
const mostMegapixels = 120;

const starts = (bytes: Buffer, text: string, at = 0): boolean => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));

/** What a file says of itself in its first bytes: a kind that is taken, or the name of one that is not. */
const kindOf = (bytes: Buffer): { readonly taken: boolean; readonly name: string } | undefined => {
  const taken = (name: string) => ({ taken: true, name });
  const not = (name: string) => ({ taken: false, name });
  if (starts(bytes, '\xff\xd8\xff')) return taken('jpeg');
  if (starts(bytes, '\x89PNG\r\n\x1a\n')) return taken('png');
  if (starts(bytes, 'GIF87a') || starts(bytes, 'GIF89a')) return taken('gif');
  if (starts(bytes, 'RIFF') && starts(bytes, 'WEBP', 8)) return taken('webp');
  if (starts(bytes, 'ftyp', 4)) {
    const brand = bytes.toString('latin1', 8, 12);
    if (brand === 'avif' || brand === 'avis') return taken('avif');
    return not(['heic', 'heix', 'mif1', 'msf1', 'hevc'].includes(brand) ? 'HEIC' : 'MP4');
  }
  if (starts(bytes, '%PDF')) return not('PDF');
  if (starts(bytes, 'II*\0') || starts(bytes, 'MM\0*')) return not('TIFF');
  if (starts(bytes, 'BM')) return not('BMP');
  if (starts(bytes, 'PK\x03\x04')) return not('ZIP');
  const head = bytes.toString('utf8', 0, 1024).replace(/^\ufeff/, '').trimStart().toLowerCase();
  if (/^(<\?xml[^]*)?(<!--[^]*)?<svg|^<!doctype svg/.test(head)) return not('SVG');
  if (/^(<!doctype html|<html|<script)/.test(head)) return not('HTML');
  return undefined;
};

const foreign: readonly (readonly [string, string])[] = [
  ['<script', 'HTML'], ['<html', 'HTML'], ['<iframe', 'HTML'], ['<svg ', 'SVG'], ['<?php', 'PHP'], ['%pdf-', 'PDF'],
];

/**
 * A second kind of file inside a picture: by chance such words stand in ten megabytes of pixels once in a billion pictures.
 * What cameras append (motion, depth, a second exposure) is none of these and passes; it is dropped in the writing anew.
 */
const secondKind = (bytes: Buffer): string | undefined => {
  const text = bytes.toString('latin1').toLowerCase();
  for (const [sign, name] of foreign) if (text.includes(sign)) return name;
  // An archive is read from its end: a directory record whose sizes fit what stands before it.
  const at = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (at < 0 || at + 22 > bytes.length) return undefined;
  const directory = bytes.readUInt32LE(at + 12);
  const comment = bytes.readUInt16LE(at + 20);
  return directory > 0 && directory <= at && at + 22 + comment <= bytes.length && starts(bytes, 'PK\x01\x02', at - directory) ? 'ZIP' : undefined;
};

/** Place and time of an EXIF block. A broken block tells nothing and is no reason to refuse a picture. */
const told = async (exif: Buffer | undefined, now: number): Promise<Pick<Decoded, 'takenAt' | 'point'>> => {
  if (!exif) return { takenAt: null, point: null };
  let found: Record<string, unknown> | undefined;
  try {
    found = (await exifr.parse(starts(exif, 'Exif\0\0') ? exif.subarray(6) : exif, {
      tiff: true, exif: true, gps: true, interop: false, ifd1: false, makerNote: false, userComment: false, reviveValues: false, mergeOutput: true,
    })) as Record<string, unknown> | undefined;
  } catch {
    return { takenAt: null, point: null };
  }
  const { latitude: lat, longitude: lng } = found ?? {};
  const point = typeof lat === 'number' && typeof lng === 'number' && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat !== 0 || lng !== 0) ? { lng, lat } : null;
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d) (\d\d):(\d\d):(\d\d)/.exec(String(found?.['DateTimeOriginal'] ?? found?.['CreateDate'] ?? ''));
  const offset = String(found?.['OffsetTimeOriginal'] ?? '+08:00');
  const at = parts ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : '+08:00'}`) : Number.NaN;
  return { takenAt: at > 946_684_800_000 && at < now + 86_400_000 ? at : null, point };
};

const reading = { failOn: 'error', pages: 1, sequentialRead: true } as const;

const measure = async (bytes: Buffer): Promise<Result<Metadata>> => {
  try {
    return await sharp(bytes, { ...reading, limitInputPixels: false }).metadata();
  } catch {
    return refuse(422, 'pictures.not_a_picture');
  }
};

/**
 * Decodes a picture and writes it anew. Time without a zone counts as that of Shanghai.
 * Refusals: 415 `pictures.kind`, `pictures.heic`; 422 `pictures.not_a_picture`, `pictures.two_in_one`, `pictures.too_many_pixels`.
 * @param now milliseconds since 1970; a picture from the future has no time.
 */
export const decodePicture = async (bytes: Buffer, now: number): Promise<Result<Decoded>> => {
  const kind = kindOf(bytes);
  if (!kind) return refuse(422, 'pictures.not_a_picture');
  if (!kind.taken) return kind.name === 'HEIC' ? refuse(415, 'pictures.heic') : refuse(415, 'pictures.kind', { kind: kind.name });
  const second = secondKind(bytes);
  if (second) return refuse(422, 'pictures.two_in_one', { kind: second });
  const metadata = await measure(bytes);
  if (isRefusal(metadata)) return metadata;
  const tooMany: Refusal | undefined = metadata.width * metadata.height > mostMegapixels * 1_000_000
    ? refuse(422, 'pictures.too_many_pixels', { width: metadata.width, height: metadata.height, most: mostMegapixels }) : undefined;
  if (tooMany) return tooMany;
  try {
    const { data, info } = await sharp(bytes, { ...reading, limitInputPixels: mostMegapixels * 1_000_000 })
      .timeout({ seconds: 20 })
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 82, progressive: true })
      .toBuffer({ resolveWithObject: true });
    return {
      jpeg: data, width: info.width, height: info.height,
      original: createHash('sha256').update(bytes).digest('hex') as Digest,
      ...(await told(metadata.exif, now)),
    };
  } catch {
    return refuse(422, 'pictures.not_a_picture');
  }
};

/** Widths that small copies come in, pixels. */
const widths = [160, 320, 640, 1_280] as const;

/** The offered width for a wanted one; undefined where the whole picture serves. */
export const offeredWidth = (wanted: number | undefined): number | undefined =>
  wanted === undefined ? undefined : widths.find((width) => width >= wanted);

/** A small copy of a picture of ours. */
export const smaller = (jpeg: Buffer, width: number): Promise<Buffer> =>
  sharp(jpeg).resize({ width, withoutEnlargement: true }).jpeg({ quality: 78 }).toBuffer();
