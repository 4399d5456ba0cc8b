import { icon } from '../icons.ts';
import { attributes, type Markup, markup } from '../markup.ts';
import type { Component } from './component.ts';

export interface PhotoInput {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** Shown by the script in place of the browser's own words, once a picture is chosen. */
  readonly chosenWords: string;
  readonly error?: string | null;
  /** Whether several pictures may be chosen at once. */
  readonly many?: boolean;
}

/**
 * A file box drawn large. Without a script it is the browser's own; the script shrinks the picture before it is sent
 * and shows it. `capture` is not set: it would shut out pictures that were taken a moment ago.
 */
export const photoInput = (input: PhotoInput): Markup => markup`
<div class="${input.error ? 'shot wrong' : 'shot'}">${input.error && markup`<p class="wrong-words" id="${input.name}-error">${input.error}</p>`}
<div class="drop">${icon('camera')}<label for="${input.name}">${input.label}</label><p class="hint" id="${input.name}-hint">${input.hint}</p>
<input type="file" accept="image/*"${attributes({ multiple: input.many ?? false, id: input.name, name: input.name, 'data-shrink': input.chosenWords, 'aria-describedby': input.error ? `${input.name}-error ${input.name}-hint` : `${input.name}-hint` })}></div></div>`;

export interface PhotoView {
  readonly src: string;
  readonly alt: string;
  /** A link that stands in the corner of the picture. */
  readonly change?: { readonly href: string; readonly words: string } | null;
  /** A word over the picture: before, after. */
  readonly caption?: string | null;
}

/** A picture among several, with a button beneath by which it is taken away: part of a form, whose `do` says which. */
export const photoKept = (view: PhotoView, remove: { readonly words: string; readonly value: string }): Markup => markup`
<div class="kept">${photoView(view)}<button class="do quiet" name="do"${attributes({ value: remove.value })}>${remove.words}</button></div>`;

/** A picture that was sent. It keeps its shape and is never wider than the column. */
export const photoView = ({ src, alt, change, caption }: PhotoView): Markup => markup`
<figure class="photo"><img${attributes({ src, alt, loading: 'lazy' })}>${caption && markup`<figcaption>${caption}</figcaption>`}${change && markup`<a href="${change.href}">${change.words}</a>`}</figure>`;

export const photo: Component = {
  name: 'photo',
  notes: 'The label opens the file box on every browser; the box itself stays visible and can be reached by key.',
  style: `
.drop{display:grid;grid-template-columns:minmax(0,1fr);justify-items:center;padding:24px 16px;border:2px dashed var(--line-strong);border-radius:14px;background:var(--card);text-align:center}
.drop>.icon{width:44px;height:44px;margin-bottom:8px;color:var(--action)}
.drop label{font-weight:700;font-size:1.1rem;cursor:pointer}
.drop input{max-width:100%;margin-top:12px;font:inherit;font-size:.89rem;min-height:var(--target)}
.drop input::file-selector-button{min-height:var(--target);margin-right:12px;padding:0 18px;border:2px solid var(--ink);border-radius:10px;background:#fff;color:var(--ink);font:inherit;font-weight:600}
.drop input::-webkit-file-upload-button{min-height:var(--target);padding:0 18px;border:2px solid var(--ink);border-radius:10px;background:#fff;color:var(--ink);font:inherit;font-weight:600}
.photo{position:relative;margin:16px 0;overflow:hidden;border-radius:14px;background:var(--night-ground);line-height:0}
.photo img{display:block;width:100%;max-height:340px;object-fit:cover}
.photo figcaption,.photo a{position:absolute;bottom:12px;padding:6px 12px;border-radius:8px;background:rgba(11,20,28,.82);color:#fff;font-size:.89rem;line-height:1.4}
.photo figcaption{left:12px}
.photo a{right:12px;min-height:var(--target);box-sizing:border-box;padding:10px 16px;border-radius:22px}
.photos{display:grid;grid-template-columns:1fr 1fr;grid-gap:12px;margin:16px 0 12px}
.photos .photo{margin:0}
.photos .kept .do{margin:4px 0 0}
.photos .photo img{height:170px}
.js .drop{position:relative;padding:28px 16px 24px}
.js .drop input{position:absolute;left:0;top:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.js .drop label{order:9;margin-top:14px;padding:11px 24px;border:2px solid var(--action);border-radius:12px;color:var(--action)}
.js .drop:hover label{background:var(--action-tint)}
.drop.held{outline:3px solid var(--lamp);box-shadow:0 0 0 5px var(--ink)}
.drop>img{display:block;max-width:100%;max-height:260px;margin-bottom:8px;border-radius:10px}
.drop>img+img{max-height:120px}
.drop.full>.icon,.drop.full>.hint{display:none}
@media print{.photo img{max-height:200px}}`,
  examples: {
    input: photoInput({ name: 'photo', label: '拍照，或从相册选', hint: '拍清楚是什么、在哪里就好', chosenWords: '已选好照片' }),
    wrong: photoInput({ name: 'other', label: '拍照，或从相册选', hint: '拍清楚就好', chosenWords: '已选好照片', error: '这个文件不是照片。' }),
    view: photoView({ src: 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', alt: '您拍的照片', change: { href: '#', words: '换一张' }, caption: '修之前' }),
  },
};
