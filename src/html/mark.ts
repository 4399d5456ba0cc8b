import { day, night } from '../base/tokens.ts';
import { Markup } from './markup.ts';

/** Paper lantern in a field of 24 by 24: hanger, caps, body, two ribs. */
const lantern = (body: string, cap: string, rib: string): string =>
  `<path d="M12 1.5v2.4" stroke="${cap}" stroke-width="1.6" stroke-linecap="round"/>` +
  `<path d="M8.3 3.9h7.4v1.9H8.3zM8.8 18.7h6.4v1.9H8.8z" fill="${cap}"/>` +
  `<path d="M8 6.2h8c2.2 1.5 3.4 3.7 3.4 6.1S18.2 17 16 18.3H8c-2.2-1.3-3.4-3.6-3.4-6S5.8 7.7 8 6.2z" fill="${body}"/>` +
  `<path d="M9.9 6.4c-1.3 3.8-1.3 8 0 11.8M14.1 6.4c1.3 3.8 1.3 8 0 11.8" fill="none" stroke="${rib}" stroke-width="1"/>` +
  `<path d="M12 20.6v2" stroke="${body}" stroke-width="1.6" stroke-linecap="round"/>`;

/** The mark for use inside a page, on the night frame. Decoration: the name stands beside it. */
export const lanternMark = (size: number): Markup =>
  new Markup(`<svg class="mark" width="${size}" height="${size}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${lantern(day.lamp, night.text, '#C98708')}</svg>`);

/** The mark as a file of its own: favicon, icon, plate. A square of night with the lantern in it. */
export const lanternFile = (): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32"><rect width="32" height="32" rx="7" fill="${night.frame}"/><g transform="translate(4 4)">${lantern(day.lamp, night.text, '#C98708')}</g></svg>`;
