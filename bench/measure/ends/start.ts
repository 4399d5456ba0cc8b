import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findEmbeddedPlace } from '../../../src/platform/database/embedded.ts';
import type { Measure } from '../../row.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const unusedPort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

/** Runs `npm run up` until its first page is there, then stops it. @returns seconds until the page */
const up = async (folder: string, data: string): Promise<number> => {
  const begin = performance.now();
  const port = await unusedPort();
  let said = '';
  const child = spawn('npm', ['run', '-s', 'up'], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LAMPLIGHT_DATA: data, LAMPLIGHT_PORT: String(port), DATABASE_URL: '', DATABASE_OWNER_URL: '' } });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString('utf8'); });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let over = false;
  void ended.then(() => { over = true; });
  try {
    for (;;) {
      if (over) throw new Error(`bench: npm run up ended: ${said.slice(-500)}`);
      const status = await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.status, () => 0);
      if (status === 200) break;
      await pause(50);
    }
    return (performance.now() - begin) / 1_000;
  } finally {
    if (!over) child.kill('SIGTERM');
    await Promise.race([ended, pause(10_000)]);
    if (!over) process.kill(-child.pid!, 'SIGKILL');
  }
};

/** From a fresh clone, npm's cache as warm as it is, to the first page; and started once more. */
export const start: Measure = async ({ progress }) => {
  const home = await mkdtemp(join(tmpdir(), 'lamplight-start-'));
  const [folder, data] = [join(home, 'clone'), join(home, 'data')];
  try {
    progress('bench: a fresh clone, and npm run up');
    const begin = performance.now();
    await promisify(execFile)('git', ['clone', '-q', resolve(import.meta.dirname, '../../..'), folder]);
    const cloned = (performance.now() - begin) / 1_000;
    const first = cloned + await up(folder, data);
    progress('bench: npm run up once more');
    const second = await up(folder, data);
    return [
      { name: 'fresh clone → first page', figure: first, unit: 's', target: '< 90 s', met: first < 90, note: 'clone, npm ci, database, 90 days of the demo town, web ends; npm\'s cache warm' },
      { name: 'second start → first page', figure: second, unit: 's', target: '< 5 s', met: second < 5 },
    ];
  } finally {
    const place = await findEmbeddedPlace(data);
    if (place.moved) await rm(resolve(place.folder, '..'), { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  }
};
