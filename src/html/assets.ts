import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tokenCss } from '../base/tokens.ts';
import { components } from './components/all.ts';
import { layoutStyle } from './layout.ts';
import { lanternFile } from './mark.ts';

/** A file that pages lead to, under a name that changes with its content: it may be kept for ever. */
export interface Asset {
  readonly path: `/${string}`;
  readonly type: string;
  readonly body: string;
}

const asset = (name: string, ending: string, type: string, body: string): Asset => ({
  path: `/assets/${name}-${createHash('sha256').update(body).digest('base64url').slice(0, 10)}.${ending}`, type, body,
});

/** Line ends and leading spaces carry nothing in our stylesheets and in the script. */
const tight = (text: string): string => text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('/*') && !line.startsWith('*')).join('\n');

/** A script as it is written, without its types. */
const script = (name: string, file: string): Asset =>
  asset(name, 'js', 'text/javascript; charset=utf-8', tight(stripTypeScriptTypes(readFileSync(new URL(file, import.meta.url), 'utf8'))));

/** @param more styles of a module's own pages, put last. */
export const pageAssets = (more: readonly string[] = []): { readonly style: Asset; readonly script: Asset; readonly map: Asset; readonly keep: Asset; readonly mark: Asset; readonly worker: Asset } => ({
  style: asset('resident', 'css', 'text/css; charset=utf-8', tight([tokenCss(), layoutStyle, ...components.map(({ style }) => style), ...more].join('\n'))),
  script: script('resident', './enhance.ts'),
  map: script('map', './slippy.ts'),
  keep: script('keep', './keep.ts'),
  // Under a name of its own: what a browser asks for anew must not change its address.
  worker: { ...script('told', './told-worker.ts'), path: '/told.js' },
  mark: asset('lantern', 'svg', 'image/svg+xml', lanternFile()),
});
