import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { type Finding, finding } from './finding.ts';

const gigabyte = 1e9;

/** The Node that runs this: type stripping without a flag and node:sqlite come with 24. */
export const checkNode = (version: string): Finding =>
  finding('node', Number(version.split('.')[0]) >= 24 ? 'ok' : 'bad', Number(version.split('.')[0]) >= 24 ? 'ok' : 'old', { version });

/** Whether the port is free, ours, or somebody else's. `free` is the result of trying to listen. */
export const checkPort = async (config: Config, free: boolean): Promise<Finding> => {
  const at = { host: config.host, port: config.port };
  if (free) return finding('port', 'ok', 'free', at);
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${config.port}/healthz`, { signal: AbortSignal.timeout(3_000) })
    .then(async (response) => ((await response.json()) as { alive?: unknown }).alive === true)
    .catch(() => false);
  return answer ? finding('port', 'ok', 'serving', at) : finding('port', 'bad', 'taken', at);
};

/** The first folder on the way up that exists. */
const existing = async (path: string): Promise<string> => ((await stat(path).catch(() => undefined)) ? path : existing(dirname(path)));

/** Room for data: less than 1 GB, or than 10 GB, free. */
export const checkDisk = async (folder: string): Promise<Finding> => {
  const { bavail, bsize, ffree, files } = await statfs(await existing(folder));
  const free = (bavail * bsize) / gigabyte;
  const params = { folder, free: free.toFixed(1) };
  if (free < 1 || (files > 0 && ffree < 10_000)) return finding('disk', 'bad', 'full', params);
  return free < 10 ? finding('disk', 'warn', 'low', params) : finding('disk', 'ok', 'ok', params);
};

/** What anybody but its owner could read of folders that hold secrets. */
export const checkFolder = async (check: 'data' | 'keys', folder: string): Promise<Finding> => {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return finding(check, check === 'keys' ? 'warn' : 'ok', 'absent', { folder });
  if ((found.mode & 0o077) !== 0) return finding(check, check === 'keys' ? 'bad' : 'warn', 'open', { folder, mode: (found.mode & 0o777).toString(8) });
  if (check === 'keys')
    for (const name of await readdir(folder)) {
      const file = await stat(join(folder, name));
      if ((file.mode & 0o077) !== 0) return finding(check, 'bad', 'open', { folder: join(folder, name), mode: (file.mode & 0o777).toString(8) });
    }
  return finding(check, 'ok', 'ok', { folder });
};

/** Keys that lie inside the data folder travel with every copy of it. */
export const checkKeysApart = (config: Config): Finding =>
  config.keys.startsWith(`${config.data}/`) && config.demo !== true
    ? finding('apart', 'warn', 'inside', { keys: config.keys, data: config.data })
    : finding('apart', 'ok', 'ok', { keys: config.keys });

/** Cookies, positions, cameras and passkeys need https wherever a browser is not on this machine. */
export const checkUrl = (config: Config): Finding => {
  const url = new URL(config.url);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || local ? finding('url', 'ok', 'ok', { url: config.url }) : finding('url', 'warn', 'plain', { url: config.url });
};
