import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildWeb } from '../../tools/web.ts';

const dist = resolve(import.meta.dirname, '../../dist/web');

beforeAll(async () => void (await buildWeb()), 300_000);

describe('the built ends', () => {
  test.each(['console', 'field'])('%s has nothing inline, so that a policy without unsafe-inline holds', async (end) => {
    const html = await readFile(join(dist, end, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      expect(attributes).toContain('src=');
      expect(body).toBe('');
    }
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('the first load of the field end is under 250 KB gzipped, the map left out', async () => {
    const html = await readFile(join(dist, 'field/index.html'), 'utf8');
    const first = [...html.matchAll(/(?:src|href)="\/field\/(assets\/[^"]+)"/g)].map(([, name]) => name!);
    expect(first.some((name) => name.includes('town-map'))).toBe(false);
    const bytes = await Promise.all(first.map(async (name) => gzipSync(await readFile(join(dist, 'field', name)), { level: 9 }).length));
    expect(bytes.reduce((sum, each) => sum + each, gzipSync(html).length)).toBeLessThan(250 * 1024);
  });

  test('a second build with the same sources makes nothing', async () => {
    expect(await buildWeb()).toBe(false);
  });

  test('what the field end keeps for times without a network is there', async () => {
    const worker = await readFile(join(dist, 'field/sw.js'), 'utf8');
    const present = new Set(await readdir(join(dist, 'field/assets')));
    const kept = [...worker.matchAll(/\/field\/assets\/([\w.-]+)/g)].map(([, name]) => name!);
    expect(kept.length).toBeGreaterThan(2);
    for (const name of kept) expect(present).toContain(name);
    expect(JSON.parse(await readFile(join(dist, 'field/app.webmanifest'), 'utf8'))).toMatchObject({ start_url: '/field/', display: 'standalone' });
  });
});
