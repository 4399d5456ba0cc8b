import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { tokenCss } from '../src/base/tokens.ts';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'dist/web');
const ends = ['console', 'field'] as const;

/** What the browser ends are made of: a change in any of it makes them anew. */
const sources = ['src/web', 'src/base', 'src/modules', 'data/texts', 'data/roles.json', 'tools/web.ts', 'package-lock.json'];

const filesUnder = async (path: string): Promise<string[]> => {
  const full = join(root, path);
  if (/\.\w+$/.test(path)) return [path];
  const entries = await readdir(full, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => !name.startsWith('src/modules/') || /\/(contract|rules)(\.ts|\/.+\.ts)$/.test(name));
};

const digestOfSources = async (): Promise<string> => {
  const hash = createHash('sha256');
  const names = (await Promise.all(sources.map(filesUnder))).flat().sort();
  for (const name of names) hash.update(name).update('\0').update(await readFile(join(root, name)));
  return hash.digest('hex');
};

/** `import 'virtual:tokens.css'`: the design tokens of src/base/tokens.ts as custom properties. */
const tokensPlugin = (): Plugin => ({
  name: 'lamplight-tokens',
  resolveId: (id) => (id === 'virtual:tokens.css' ? '\0tokens.css' : null),
  load: (id) => (id === '\0tokens.css' ? tokenCss() : null),
});

/**
 * The field end's service worker as `sw.js`, with the addresses of what it keeps in the phone: everything of the
 * build but the map, which is fetched when one is looked at.
 */
const offlinePlugin = (): Plugin => ({
  name: 'lamplight-offline',
  buildStart() {
    this.emitFile({ type: 'chunk', id: join(root, 'src/web/field/sw.ts'), fileName: 'sw.js' });
  },
  generateBundle(_options, bundle) {
    const worker = bundle['sw.js'];
    if (worker?.type !== 'chunk') throw new Error('tools/web.ts: sw.js was not built');
    const files = Object.keys(bundle).filter((name) => name !== 'sw.js' && name !== 'index.html' && !/town-map|maplibre/.test(name)).map((name) => `/field/${name}`);
    worker.code = worker.code.replace('__FILES__', JSON.stringify(['/field/', ...files, '/field/lantern.svg', '/field/app.webmanifest']));
  },
});

/** Builds one end beside the one that is served and puts it in its place whole: two makers at once do not break each other. */
const buildEnd = async (end: (typeof ends)[number]): Promise<void> => {
  const making = join(out, `.${end}-${process.pid}`);
  await build({
    configFile: false,
    root: join(root, 'src/web', end),
    base: `/${end}/`,
    logLevel: 'warn',
    publicDir: join(root, 'src/web', end, 'public'),
    plugins: [react(), tokensPlugin(), ...(end === 'field' ? [offlinePlugin()] : [])],
    worker: { format: 'es' },
    build: {
      outDir: making,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1200,
    },
  });
  for (let turn = 0; ; turn++) {
    await rm(join(out, end), { recursive: true, force: true });
    try {
      return await rename(making, join(out, end));
    } catch (error) {
      // Another maker put its own, equal one there in between.
      if (turn >= 5 || !['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
};

/**
 * Makes dist/web/console and dist/web/field, each with its index.html, when their sources changed.
 * True where something was made, false where everything was current.
 */
export const buildWeb = async (options: { readonly force?: boolean } = {}): Promise<boolean> => {
  const stamp = join(out, '.digest');
  const digest = await digestOfSources();
  const current = existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest && ends.every((end) => existsSync(join(out, end, 'index.html')));
  if (current && !options.force) return false;
  await mkdir(out, { recursive: true });
  // Under a test runner NODE_ENV says `test`, and libraries would bring their development builds along.
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    for (const end of ends) await buildEnd(end);
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
  await writeFile(stamp, digest);
  return true;
};

if (process.argv[1] === import.meta.filename) {
  const started = performance.now();
  const made = await buildWeb({ force: process.argv.includes('--force') });
  console.log(made ? `dist/web made in ${((performance.now() - started) / 1000).toFixed(1)} s` : 'dist/web is current');
}
