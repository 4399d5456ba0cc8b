import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import packed from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const root = resolve(import.meta.dirname, '../..');

/** Folder of pictures that tests leave for people to look at; git ignores it. */
export const outputFolder = join(root, 'tests/.output');

/** A Chinese font within fontconfig's reach: a machine without one would show boxes, and no test would notice. */
export const withFonts = async (folder: string): Promise<string> => {
  const fonts = dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'));
  const file = join(folder, 'fonts.conf');
  const system = existsSync('/etc/fonts/fonts.conf') ? '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>' : '';
  await writeFile(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${system}<dir>${fonts}</dir><cachedir>${join(folder, 'cache')}</cachedir>
<alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias binding="same"><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>`);
  return file;
};

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * A real Chromium: that of CHROMIUM where it is set, otherwise the one from npm. WebGL 2 works in software; pages are put together
 * by the processor itself, which is a third quicker than by a graphics unit that it plays.
 * The package's own arguments are not used: they say `--single-process`, under which the second page crashes.
 */
export const openBrowser = async (): Promise<TestBrowser> => {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-browser-'));
  const executablePath = process.env['CHROMIUM'] || (await packed.executablePath());
  const browser = await chromium.launch({
    executablePath, headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--enable-unsafe-swiftshader', '--force-color-profile=srgb', '--font-render-hinting=none'],
    env: { ...(process.env as Record<string, string>), FONTCONFIG_FILE: await withFonts(folder) },
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export interface VisitorOptions {
  /** CSS pixels: 390 is a phone, 1440 a desk. */
  readonly width?: number;
  readonly height?: number;
  /** false: a browser that runs no script. */
  readonly script?: boolean;
  readonly language?: 'zh-CN' | 'zh-TW' | 'en-GB';
  readonly baseURL?: string;
  /** Where the phone says that it is, with the permission given. */
  readonly position?: { readonly longitude: number; readonly latitude: number };
}

/** A browser of one visitor, with cookies of its own. */
export const visitorOf = ({ browser }: TestBrowser, { width = 390, height = 844, script = true, language = 'zh-CN', baseURL, position }: VisitorOptions = {}): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width, height }, javaScriptEnabled: script, locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce',
    deviceScaleFactor: width < 600 ? 1.5 : 1,
    ...(baseURL !== undefined && { baseURL }),
    ...(position !== undefined && { geolocation: { ...position, accuracy: 8 }, permissions: ['geolocation'] }),
  });

/** Saves the whole page as a picture under tests/.output, where PICTURES=1 asks for them: they take a sixth of a run. */
export const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env['PICTURES'] !== '1') return;
  await mkdir(outputFolder, { recursive: true });
  await page.screenshot({ path: join(outputFolder, `${name}.png`), fullPage: true, animations: 'disabled' });
};

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

let axeSource: string | undefined;

/**
 * What axe finds on a page, WCAG 2.2 A and AA with best practices, one line a finding: empty where nothing is wrong.
 * @param enhanced asks for the contrast of 7:1 too, as the elder version promises.
 */
export const axeFindings = async (page: Page, { enhanced = false }: { readonly enhanced?: boolean } = {}): Promise<string[]> => {
  await page.waitForLoadState();
  axeSource ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axeSource);
  const violations = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast-enhanced': { enabled: ${enhanced} } } }).then((result) => result.violations)`)) as AxeViolation[];
  return violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => `${id} (${impact}): ${node.target.join(' ')}: ${node.failureSummary?.replace(/\s+/g, ' ') ?? ''}`));
};

/** Elements that can be pressed and are smaller than `least` CSS pixels in height; links inside a sentence do not count. */
export const smallTargets = async (page: Page, least: number): Promise<string[]> => {
  // A click waits for the next page to begin, not for its style.
  await page.waitForLoadState();
  return (await page.evaluate(`[...document.querySelectorAll('a[href],button,input:not([type=hidden]),textarea,summary,select,label')].filter((one) => {
    if (one.closest('p, .notice, .errors, .skip, legend, h1, h2') || one.matches('.skip')) return false;
    if (one.matches('input[type=radio]') || (one.matches('label') && !one.closest('.choice'))) return false;
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.height < ${least} - 0.5;
  }).map((one) => one.outerHTML.slice(0, 90) + ' ' + Math.round(one.getBoundingClientRect().height))`)) as string[];
};

/** True where the page is wider than its window: somebody would have to push it sideways. */
export const isTooWide = async (page: Page): Promise<boolean> => {
  await page.waitForLoadState();
  return (await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')) as boolean;
};
