import { Markup } from './markup.ts';

/** Line icons in a field of 24 by 24, two units wide, drawn for this project. */
const paths = {
  camera: '<path d="M4 8h3l1.6-2.5h6.8L17 8h3v11H4z"/><circle cx="12" cy="13.2" r="3.4"/>',
  paper: '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>',
  book: '<path d="M12 6c-2-1.5-5-2-9-2v14c4 0 7 .5 9 2 2-1.5 5-2 9-2V4c-4 0-7 .5-9 2zM12 6v14"/>',
  phone: '<path d="M5 4h4l1.5 4.5L8 10c1 3 3 5 6 6l1.5-2.5L20 15v4c-1 1-2 1-3 1C10 19.5 4.5 14 4 7c0-1 0-2 1-3z"/>',
  next: '<path d="M9 5l7 7-7 7"/>',
  back: '<path d="M15 5l-7 7 7 7"/>',
  place: '<path d="M12 21c5-5.5 7-8.5 7-11.5a7 7 0 0 0-14 0C5 12.5 7 15.5 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
  here: '<circle cx="12" cy="12" r="6.5"/><circle cx="12" cy="12" r="1.5"/><path d="M12 2v3M12 19v3M2 12h3M19 12h3"/>',
  map: '<path d="M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14"/>',
  list: '<path d="M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
  lamp: '<path d="M7 21h4M9 21V4h8M14 4h6l-1.5 4h-3z"/>',
  done: '<path d="M4 12.5l5.5 5.5L20 7"/>',
  alert: '<path d="M12 3.5l9.5 17h-19z"/><path d="M12 10v5M12 18h.01"/>',
  sound: '<path d="M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12"/>',
  mine: '<circle cx="12" cy="8" r="4"/><path d="M4 21c.5-5 3.5-7 8-7s7.5 2 8 7"/>',
  window: '<path d="M3 21h18M5 21V9M19 21V9M3 9l9-6 9 6zM9 21v-7h6v7"/>',
  people: '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.4-4.5 2.6-6.5 6.5-6.5s6.1 2 6.5 6.5M15.5 5a3.5 3.5 0 0 1 0 6.5M18 14c2.2.7 3.3 2.7 3.5 6"/>',
  up: '<path d="M5 15l7-7 7 7"/>',
  down: '<path d="M5 9l7 7 7-7"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  minus: '<path d="M5 12h14"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
} as const;

export type Icon = keyof typeof paths;

/** An icon beside words: hidden from screen readers, which read the words. Its colour is that of the text. */
export const icon = (name: Icon): Markup =>
  new Markup(`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${paths[name]}</svg>`);
