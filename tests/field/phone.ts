import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packed from '@sparticuz/chromium';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { withFonts } from '../support/browser.ts';

/** A line between phone and server that can be cut while the server is there. */
export interface Line {
  readonly url: string;
  /** Cuts what runs and refuses what comes. */
  cut(): void;
  /** Lets requests through and cuts at the first byte of an answer: the server has done it, and nobody hears. */
  deafen(): void;
  mend(): void;
  close(): Promise<void>;
}

export const openLine = async (target: string): Promise<Line> => {
  let state: 'whole' | 'cut' | 'deaf' = 'whole';
  const sockets = new Set<Socket>();
  const drop = (): void => { for (const socket of sockets) socket.destroy(); };
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(Number(new URL(target).port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => { sockets.delete(socket); near.destroy(); far.destroy(); });
    }
    near.pipe(far);
    far.on('data', (bytes: Buffer) => { if (state === 'deaf') near.destroy(); else near.write(bytes); });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    cut() { state = 'cut'; drop(); },
    deafen() { state = 'deaf'; },
    mend() { state = 'whole'; },
    close: () => new Promise((resolve) => { drop(); server.close(() => resolve()); }),
  };
};

/** A phone: a browser of its own with a profile that outlives it. */
export interface Phone {
  page: Page;
  context: BrowserContext;
  /** Ends the browser as a phone ends an app: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** Starts it again on the same profile and opens a page. */
  start(): Promise<Page>;
  close(): Promise<void>;
}

const signal = (child: ChildProcess): Promise<unknown> => {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  return gone;
};

/** @param position where the phone is, WGS-84; it may be moved by `context.setGeolocation`. */
export const openPhone = async (url: string, position: { readonly longitude: number; readonly latitude: number }): Promise<Phone> => {
  const folder = await mkdtemp(join(tmpdir(), `lamplight-phone-${process.pid}-`));
  const fonts = await withFonts(folder);
  let child: ChildProcess;
  // Chromium writes its cookies down every half minute; nobody waits for that here.
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [];
  const phone = {
    async start() {
      await rm(join(folder, 'profile/DevToolsActivePort'), { force: true });
      child = spawn(process.env['CHROMIUM'] || (await packed.executablePath()), [
        '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${join(folder, 'profile')}`, '--lang=zh-CN', '--accept-lang=zh-CN', '--force-color-profile=srgb', 'about:blank',
      ], { stdio: 'ignore', env: { ...process.env, FONTCONFIG_FILE: fonts } });
      let port = '';
      for (let turn = 0; turn < 400 && port === ''; turn++) {
        port = (await readFile(join(folder, 'profile/DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0] ?? '';
        if (port === '') await new Promise((resolve) => setTimeout(resolve, 25));
      }
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      phone.context = browser.contexts()[0]!;
      phone.context.setDefaultTimeout(45_000);
      await phone.context.addCookies(cookies);
      await phone.context.grantPermissions(['geolocation'], { origin: url });
      phone.page = phone.context.pages()[0] ?? (await phone.context.newPage());
      await phone.page.setViewportSize({ width: 390, height: 844 });
      await phone.context.setGeolocation({ ...position, accuracy: 8 });
      return phone.page;
    },
    async kill() {
      cookies = await phone.context.cookies();
      await signal(child);
    },
    async close() {
      await signal(child);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  } as Phone;
  await phone.start();
  return phone;
};

/** Truly without a network: the browser says so, and the line is dead. */
export const goDark = async ({ context }: Phone, line: Line): Promise<void> => {
  line.cut();
  await context.setOffline(true);
};

export const goLight = async ({ context, page }: Phone, line: Line): Promise<void> => {
  line.mend();
  await context.setOffline(false);
  await page.evaluate('dispatchEvent(new Event("online"))');
};
