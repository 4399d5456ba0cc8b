import { newOp, Problem, upload } from '../../shared/client.ts';
import { whereAmI, type Position, type StoredBlob } from '../../shared/pictures/pictures.ts';
import { countyOffset } from '../../shared/format.ts';
import { rightNow } from './clock.ts';
import { withPlaceAndTime } from './exif.ts';
import { lastHere } from './here.ts';
import { allRows, dropRow, findRow, keepRow } from './kept.ts';
import { fits, isFull, readSpace } from './space.ts';
import { allWaiting } from './waiting.ts';

const localMark = 'local:';
/** How long a picture waits for its place, in milliseconds. */
const locating = 3_000;
const addresses = new Map<string, string>();

/** Sizes that a picture is shrunk to, the usual one first: longest side in pixels, and quality. A plate on a lamp is read in each. */
const sizes = [{ side: 1600, quality: 0.82 }, { side: 1100, quality: 0.7 }, { side: 800, quality: 0.6 }] as const;

interface Drawable {
  readonly width: number;
  readonly height: number;
  readonly source: CanvasImageSource;
  close(): void;
}

/** A picture turned as the camera says; null where this browser cannot read it. */
const decoded = async (file: Blob): Promise<Drawable | null> => {
  if (typeof createImageBitmap === 'function')
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
      return { width: bitmap.width, height: bitmap.height, source: bitmap, close: () => bitmap.close() };
    } catch {
      // Old web views refuse the option, and some kinds of picture: an image element may know more.
    }
  const url = URL.createObjectURL(file);
  const image = new Image();
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    return { width: image.naturalWidth, height: image.naturalHeight, source: image, close: () => URL.revokeObjectURL(url) };
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
};

const two = (value: number): string => String(value).padStart(2, '0');
/** `2026-11-25 12:20`, in the county's time. */
const stampTime = (at: number): string => {
  const local = new Date(at + countyOffset(at) * 60_000);
  return `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
};

const drawn = async (picture: Drawable, side: number, quality: number, lines: readonly string[]): Promise<Blob | null> => {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.drawImage(picture.source, 0, 0, canvas.width, canvas.height);
  const size = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 34));
  context.font = `600 ${size}px "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif`;
  const wide = Math.max(...lines.map((line) => context.measureText(line).width)) + size;
  context.fillStyle = 'rgb(11 20 28 / 0.68)';
  context.fillRect(0, canvas.height - size * (lines.length * 1.4 + 0.6), wide, size * (lines.length * 1.4 + 0.6));
  context.fillStyle = '#ffffff';
  lines.forEach((line, at) => context.fillText(line, size / 2, canvas.height - size * ((lines.length - at - 1) * 1.4 + 0.6)));
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
};

/** Shrinks a picture, stamps it with time and place for people to see, and writes both into it for programs. */
const prepared = async (file: Blob, size: (typeof sizes)[number], at: number, here: Position | null): Promise<Blob> => {
  const picture = await decoded(file);
  // What the phone cannot read goes as it is: the server turns it, or says in words why it does not take it.
  if (!picture) return file;
  try {
    const lines = [stampTime(at), ...(here ? [`${here.lat.toFixed(5)}, ${here.lng.toFixed(5)} ±${Math.max(1, Math.round(here.accuracy))} m`] : [])];
    const blob = await drawn(picture, size.side, size.quality, lines);
    return blob ? new Blob([withPlaceAndTime(new Uint8Array(await blob.arrayBuffer()), { at, point: here }) as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }) : file;
  } finally {
    picture.close();
  }
};

const full = (): Problem => new Problem(507, 'field.full', '', '');

/**
 * Keeps a picture in the phone: shrunk, stamped with time and place, the smaller the less room there is; sends it ahead
 * where there is a network. @throws Problem of reason `field.full`, before anything that is kept is lost.
 */
export const keepPicture = async (file: Blob): Promise<string> => {
  const at = rightNow();
  // No page may have asked where the phone is before the camera was opened.
  const here = lastHere() ?? (await whereAmI(locating));
  const space = await readSpace();
  const id = localMark + newOp();
  let kept = false;
  for (const size of space.tight ? sizes.slice(1) : sizes) {
    const blob = await prepared(file, size, at, here);
    if (!fits(space, blob.size)) continue;
    try {
      await keepRow('pictures', { id, blob, stored: null, at });
    } catch (error) {
      if (!isFull(error)) throw error;
      continue;
    }
    addresses.set(id, URL.createObjectURL(blob));
    kept = true;
    break;
  }
  if (!kept) throw full();
  if (navigator.onLine) storeKept(id).catch(() => undefined);
  return id;
};

/** Address at which a kept picture can be shown while this page is open; empty until `showKept` has read it. */
export const keptAddress = (id: string): string => addresses.get(id) ?? '';

/** Reads kept pictures, so that they can be shown after the app was closed. */
export const showKept = async (ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    if (addresses.has(id)) continue;
    const row = await findRow('pictures', id);
    if (row) addresses.set(id, URL.createObjectURL(row.blob));
  }
};

/** Sends a kept picture, once; the server's id of it. @throws Problem. */
export const storeKept = async (id: string): Promise<string> => {
  const kept = await findRow('pictures', id);
  if (!kept) throw new Problem(422, 'field.picture_gone', '', '');
  if (kept.stored) return kept.stored;
  const { blob } = await upload<StoredBlob>('/api/blobs', kept.blob, kept.blob.type || 'application/octet-stream');
  // Where the phone is too full to note it, it is sent again with its action: the server knows it by its bytes.
  await keepRow('pictures', { ...kept, stored: blob }).catch((error: unknown) => { if (!isFull(error)) throw error; });
  return blob;
};

/** Pictures of this phone that stand in an input. */
export const picturesIn = (value: unknown): string[] =>
  typeof value === 'string' ? (value.startsWith(localMark) ? [value] : []) : typeof value === 'object' && value !== null ? Object.values(value).flatMap(picturesIn) : [];

/** An input with the server's ids in the place of the phone's. */
export const withStored = (value: unknown, stored: ReadonlyMap<string, string>): unknown => {
  if (typeof value === 'string') return stored.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => withStored(each, stored));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withStored(each, stored)]));
  return value;
};

/** How long a picture that belongs to nothing stays, in milliseconds: the report that it was taken for may still be open. */
const loose = 3 * 86_400_000;

/** Lets go of pictures that nothing kept needs any more. */
export const sweepPictures = async (): Promise<void> => {
  const needed = new Set((await allWaiting()).flatMap((row) => picturesIn(row.input)));
  for (const fact of await allRows('facts')) for (const id of picturesIn(fact.value)) needed.add(id);
  for (const { id, at } of await allRows('pictures')) if (!needed.has(id) && (at ?? 0) < rightNow() - loose) await dropRow('pictures', id);
};
