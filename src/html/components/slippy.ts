import { icon } from '../icons.ts';
import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface Slippy {
  /** WGS-84 degrees. */
  readonly lng: number;
  readonly lat: number;
  readonly z: number;
  readonly least: number;
  readonly most: number;
  /** Addresses with `{z}`, `{x}`, `{y}`: pictures, and what stands there. */
  readonly base: string;
  readonly points?: string;
  /** Address of a page that says what is in the part that is seen: its `#found` and `#found-count` are put in place of ours. */
  readonly found?: string;
  /**
   * A place is chosen: `lng` and `lat` of the form around it follow the dot in the middle. `says` is the address of a page whose
   * words tell where that is. Enter, and the form's button `[data-take]`, take it from zoom `sure` on; before, they go nearer.
   */
  readonly pick?: { readonly says: string; readonly sure: number; readonly far: string };
  /** What a screen reader says of it, of one spot, of several (`{count}`), and of the buttons. */
  readonly words: { readonly label: string; readonly one: string; readonly many: string; readonly nearer: string; readonly farther: string };
  /** Address of the script. */
  readonly script: string;
}

/**
 * A map that is dragged or moved by arrow keys; hidden until its script shows it. Where a place is chosen, its form then has the
 * class `picks`: `.still` in it is shown without the map, `.picked` with it, and `[data-where]` is the line that says where it is.
 */
export const slippyMap = ({ lng, lat, z, least, most, base, points, found, pick, words, script }: Slippy): Markup => markup`
<div${attributes({ class: pick ? 'slippy pick' : 'slippy', hidden: true, tabindex: 0, role: 'application', 'aria-label': words.label, 'data-lng': lng, 'data-lat': lat, 'data-z': z, 'data-least': least, 'data-most': most, 'data-base': base, 'data-points': points ?? null, 'data-found': found ?? null, 'data-pick': pick?.says ?? null, 'data-sure': pick?.sure ?? null, 'data-far': pick?.far ?? null, 'data-one': words.one, 'data-many': words.many })}>
<div class="zooms"><button type="button" data-zoom="1" aria-label="${words.nearer}">${icon('plus')}</button><button type="button" data-zoom="-1" aria-label="${words.farther}">${icon('minus')}</button></div></div><script src="${script}" defer></script>`;

export const slippy: Component = {
  name: 'slippy',
  notes: 'The page has to work without it: a list, a picture with buttons. Spots are out of the tab order, for the list beside the map leads to the same pages.',
  style: `
.slippy{position:relative;height:60vh;min-height:320px;max-height:560px;margin:12px 0;overflow:hidden;border:1px solid var(--line);border-radius:14px;background:var(--ground-land);touch-action:none;cursor:grab}
.slippy[hidden]{display:none}
.slippy .layer{position:absolute;left:0;top:0;will-change:transform}
.slippy .tile{position:absolute;width:256px;height:256px}
.slippy .tile img{position:absolute;left:0;top:0;width:256px;height:256px;pointer-events:none;-webkit-user-select:none;user-select:none}
.slippy .spot{position:absolute;z-index:1;display:block;box-sizing:border-box;width:28px;height:28px;margin:-14px 0 0 -14px;padding:0;border:3px solid #fff;border-radius:50%;background:var(--action);color:#fff;font:700 .8rem/1 var(--font);box-shadow:0 1px 4px rgba(20,32,43,.45);cursor:pointer}
.slippy .spot.some{width:38px;height:38px;margin:-19px 0 0 -19px}
.slippy .spot.many{width:48px;height:48px;margin:-24px 0 0 -24px;background:var(--ink)}
form:not(.picks) .picked,.picks .still{display:none}
.slippy.pick{height:52vh;cursor:move}
.slippy.pick::after{content:"";position:absolute;left:50%;top:50%;width:34px;height:34px;margin:-17px 0 0 -17px;box-sizing:border-box;border:4px solid var(--ink);border-radius:50%;background:radial-gradient(var(--lamp) 32%,transparent 34%);pointer-events:none}
.zooms{position:absolute;right:10px;bottom:10px;z-index:2}
.zooms button{display:grid;place-items:center;width:max(48px,var(--target));height:max(48px,var(--target));margin-top:8px;padding:0;border:2px solid var(--line-strong);border-radius:10px;background:#fff;color:var(--ink);cursor:pointer}`,
  examples: {
    town: slippyMap({ lng: 121.05, lat: 30.17, z: 14, least: 11, most: 18, base: '/reports/map/{z}/{x}/{y}.svg', words: { label: '地图', one: '一件', many: '{count} 件', nearer: '放大', farther: '缩小' }, script: '/assets/slippy.js' }),
  },
};
