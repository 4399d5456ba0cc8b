import sharp from 'sharp';

const degrees = (value: number): string => {
  const whole = Math.floor(value);
  const minutes = (value - whole) * 60;
  return `${whole}/1 ${Math.floor(minutes)}/1 ${Math.round((minutes - Math.floor(minutes)) * 60 * 10_000)}/10000`;
};

let taken = 0;

/** A picture of a dark lamp, as a phone takes it: no two alike, with its place in EXIF where one is given. */
export const lampPhoto = async (at: { readonly lng: number; readonly lat: number } | null = null, lit = false): Promise<Buffer> => {
  const drawn = sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600" fill="${lit ? '#3a3320' : '#101d28'}"/>
<path d="M0 520h900v80H0z" fill="#0b141c"/><path d="M0 ${20 * ++taken}h900" stroke="#1d2e3c" stroke-width="4"/><path d="M470 540V120h-130" fill="none" stroke="#566673" stroke-width="12"/><rect x="300" y="112" width="90" height="18" rx="9" fill="#93a4b3"/>${lit ? '<circle cx="345" cy="150" r="110" fill="#ffd98a" fill-opacity=".75"/>' : ''}</svg>`)).jpeg({ quality: 80 });
  return at === null ? drawn.toBuffer() : drawn.withExif({
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: degrees(at.lat), GPSLongitudeRef: 'E', GPSLongitude: degrees(at.lng) },
  }).toBuffer();
};

/** What a file box is given. */
export const asFile = (buffer: Buffer, name = 'lamp.jpg', mimeType = 'image/jpeg') => ({ name, mimeType, buffer });
