import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FolderTaken, lockFolder } from '../../src/platform/database/lock.ts';
import { temporaryFolder } from '../support/folders.ts';

/** Another process that takes the folder and keeps it. */
const holder = async (folder: string) => {
  const code = `const { lockFolder } = await import(${JSON.stringify(resolve('src/platform/database/lock.ts'))}); await lockFolder(${JSON.stringify(folder)}, 'lamplight up'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
};

test('a second process on a data folder is told who has it', async () => {
  const folder = await temporaryFolder();
  const child = await holder(folder);
  const refused = await lockFolder(folder, 'lamplight up').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(FolderTaken);
  expect((refused as Error).message).toBe(`another copy of Lamplight (lamplight up, process ${child.pid}) runs on ${folder}; stop it, or give this one a folder of its own by LAMPLIGHT_DATA`);
});

test('a folder is free again the moment its process is killed with -9', async () => {
  const folder = await temporaryFolder();
  const child = await holder(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  (await lockFolder(folder, 'lamplight up'))();
});

test('a folder that was given back can be taken again', async () => {
  const folder = await temporaryFolder();
  (await lockFolder(folder, 'one'))();
  (await lockFolder(folder, 'two'))();
});
