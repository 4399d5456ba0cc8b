import { upload } from '../client.ts';

/** Where somebody stands: WGS-84 degrees, accuracy in metres. */
export interface Position {
  readonly lng: number;
  readonly lat: number;
  readonly accuracy: number;
}

/** What `POST /api/blobs` gives. */
export interface StoredBlob {
  readonly blob: string;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/** Longest side of a picture that is sent, in pixels: enough to read a plate on a lamp. */
const longestSide = 1600;
const quality = 0.82;

/**
 * Shrinks a picture to 1600 pixels on the device, turned as the camera says, as JPEG without metadata.
 * What the browser cannot decode is given back as it is, for the server to refuse in words.
 */
export const shrink = async (file: Blob): Promise<Blob> => {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return file;
  }
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.type === 'image/jpeg' && file.size < 600_000) {
    bitmap.close();
    return file;
  }
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))) ?? file;
};

/** Stores a picture on the server, shrunk. @throws Problem with the server's words. */
export const storePicture = async (file: Blob): Promise<StoredBlob> => {
  const small = await shrink(file);
  return upload<StoredBlob>('/api/blobs', small, small.type || 'application/octet-stream');
};

/** Address of a stored picture, at least `width` pixels wide where that is said. */
export const pictureAddress = (blob: string, width?: number): string => `/api/blobs/${blob}${width === undefined ? '' : `?w=${width}`}`;

/** Where the device is now, or null where it does not say within `waitMs`. A fix of the last half minute counts. */
export const whereAmI = (waitMs = 6000): Promise<Position | null> =>
  new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lng: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: waitMs, maximumAge: 30_000 },
    );
  });
