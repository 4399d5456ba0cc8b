import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenCss } from '../../src/base/tokens.ts';
import { components } from '../../src/html/components/all.ts';
import { layoutStyle } from '../../src/html/layout.ts';
import { axeFindings, isTooWide, openBrowser, picture, smallTargets, type TestBrowser, visitorOf, type VisitorOptions } from '../support/browser.ts';
import { asFile, lampPhoto } from './photos.ts';
import { type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
beforeAll(async () => { [town, browser] = await Promise.all([servedTown(), openBrowser()]); }, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

interface Look {
  readonly name: string;
  readonly options: VisitorOptions;
  /** In the elder version, written as large as it can be. */
  readonly elder?: boolean;
  /** What axe finds depends on the version, not on language or width. */
  readonly axe?: boolean;
}

const looks: readonly Look[] = [
  { name: 'phone', options: {}, axe: true }, { name: 'elder', options: {}, elder: true, axe: true }, { name: 'en', options: { language: 'en-GB', width: 320, height: 640 } },
  { name: 'hant', options: { language: 'zh-TW' } }, { name: 'desk', options: { width: 1440, height: 900 } },
];

/** Pages that nothing else leads to here. */
const elsewhere = [
  ['reports', '/reports'], ['reports-none', '/reports?street=nowhere'], ['reports-map', '/reports/map'], ['data', '/data'], ['report-unknown', '/reports/261125-0000-00'],
  ['missing', '/nothing'], ['follow-unknown', '/f/xxxxxxxxxxxxxxxx'], ['plate-unknown', '/q/NOPE2345'], ['mail-link', '/mine/mail/abc'],
] as const;

/** Walks through every page and says what is wrong with each. */
const walk = async (page: Page, { name, elder = false, axe = false }: Look): Promise<string[]> => {
  const wrong: string[] = [];
  const look = async (what: string): Promise<void> => {
    await picture(page, `${what}-${name}`);
    const found = [
      ...(axe ? await axeFindings(page, { enhanced: elder }) : []), ...(await smallTargets(page, elder ? 60 : 44)).map((one) => `small: ${one}`),
      ...((await isTooWide(page)) ? ['wider than the window'] : []),
      ...(/\[[\w]+\.[\w.]+\]/.test(await page.locator('body').innerText()) ? ['a text is missing'] : []),
    ];
    wrong.push(...found.map((one) => `${what}: ${one}`));
  };
  await page.goto(elder ? '/elder?version=elderLarge' : '/');
  await look('home');
  await page.goto('/report');
  await page.click('button[value=photo]');
  await look('photo-error');
  await page.click('button[value=skip]');
  await look('where');
  await page.click('a[href$="/list"]');
  await look('list');
  await page.goBack();
  await page.click('a[href$="/map"]');
  await page.focus('.slippy');
  for (let turn = 0; turn < 3; turn++) await page.keyboard.press('+');
  await look('map');
  await page.goto('/report');
  await page.setInputFiles('#photo', asFile(await lampPhoto(town.lamps[6]!)));
  await page.click('button[value=photo]');
  await look('which');
  await page.check('input[value=other]', { force: true });
  await page.click('main button.do.first');
  await look('what');
  await page.goBack();
  await page.check('input[name=which] >> nth=0', { force: true });
  await page.click('main button.do.first');
  // Another look has reported this lamp before.
  if (await page.locator('input[name=same]').count()) {
    await look('together');
    await page.check('input[value=no]', { force: true });
    await page.click('main button.do.first');
  }
  await look('ask');
  await page.check('input[name=answer] >> nth=0', { force: true });
  await page.click('main button.do.first');
  await page.fill('#phone', '12');
  await page.click('main button.do.first');
  await look('check-error');
  await page.fill('#phone', '');
  await page.click('main button.do.first');
  await look('done');
  await page.click('main a.do.first');
  await look('follow');
  await page.goto('/mine');
  await look('mine');
  await page.goto('/');
  await look('home-mine');
  await page.goto('/help');
  await look('help');
  await page.goto('/help?place=330281103203');
  await look('help-worker');
  await page.goto('/services');
  await look('services');
  await page.goto(`/q/${town.lamps[6]!.plate}`);
  await look('plate');
  await page.goto('/report/xxxxxxxxxxxxxxxxxxxxxx/where');
  await look('ended');
  for (const [what, path] of elsewhere) {
    await page.goto(path);
    await look(what);
  }
  return wrong;
};

describe('every resident page', { timeout: 300_000 }, () => {
  it.each(looks)('is accessible, large enough and no wider than the window: $name', async (look) => {
    const context = await visitorOf(browser, { ...look.options, baseURL: town.url });
    expect(await walk(await context.newPage(), look)).toEqual([]);
    await context.close();
  });
});

it('without a script nothing of the elder version at its largest is wider than a phone, files to choose included', async () => {
  const context = await visitorOf(browser, { script: false, baseURL: town.url });
  const page = await context.newPage();
  await page.goto('/?version=elderLarge');
  for (const path of ['/report', `/q/${town.lamps[5]!.plate}`, '/reports/map', '/help', '/mine']) {
    await page.goto(path);
    expect([path, await isTooWide(page)]).toEqual([path, false]);
  }
  await page.goto('/report');
  await page.click('button[value=photo]');
  await picture(page, 'photo-error-bare');
  expect(await isTooWide(page)).toBe(false);
  await context.close();
}, 90_000);

describe('the first page', { timeout: 90_000 }, () => {
  it('comes with everything in less than 40 KB, none of it a script that it needs', async () => {
    const html = await (await fetch(`${town.url}/`)).text();
    const parts = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    const sizes = await Promise.all(parts.map(async (path) => (await (await fetch(town.url + path)).arrayBuffer()).byteLength));
    expect(parts).toHaveLength(3);
    expect(html.length + sizes.reduce((sum, one) => sum + one, 0)).toBeLessThan(40 * 1024);
  });

  it('holds nothing inline that a content security policy would stop, and says so', async () => {
    const answer = await fetch(`${town.url}/`);
    const html = await answer.text();
    expect(html).not.toMatch(/\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*src=)/);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-inline');
  });

  it('keeps the elder version by cookie, larger still on request, and lets one go back', async () => {
    const context = await visitorOf(browser, { script: false, baseURL: town.url });
    const page = await context.newPage();
    const body = () => page.evaluate('parseFloat(getComputedStyle(document.body).fontSize)') as Promise<number>;
    await page.goto('/');
    expect(await body()).toBe(18);
    await page.click('a.pill');
    expect(await body()).toBe(26);
    await page.goto('/report');
    expect(await body()).toBe(26);
    await page.click('.foot a >> nth=0');
    expect(await body()).toBe(30);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/report');
    await page.click('a.pill');
    expect(await body()).toBe(18);
    await context.close();
  });

  it('changes its language by a link at its foot and keeps it', async () => {
    const context = await visitorOf(browser, { script: false, baseURL: town.url });
    const page = await context.newPage();
    await page.goto('/');
    await page.click('.foot a[lang=en]');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.goto('/help');
    expect(await page.locator('h1').textContent()).toBe('Talk to a person');
    await context.close();
  });

  it('says that its data is a demo’s, and sends who asks for services to phone and counter', async () => {
    for (const path of ['/', '/report', '/help', '/mine']) expect(await (await fetch(town.url + path)).text()).toContain('演示数据 · 合成的路灯与人');
    const services = await (await fetch(`${town.url}/services`)).text();
    expect(services).toContain('网上还没有开通');
    expect(services).toContain('12345');
  });
});

describe('every component', { timeout: 90_000 }, () => {
  it.each([['plain', ''], ['elder', 'elder']])('is accessible in all its examples: %s', async (name, version) => {
    const context = await visitorOf(browser);
    const page = await context.newPage();
    const style = [tokenCss(), layoutStyle, ...components.map((one) => one.style)].join('\n');
    const examples = components.map((one) => `<section aria-label="${one.name}"><h2>${one.name}</h2>${Object.values(one.examples).map((example) => `<div>${example.text}</div>`).join('')}</section>`);
    await page.setContent(`<!doctype html><html lang="zh-Hans" class="${version}"><head><title>gallery</title><style>${style}</style></head><body><main class="column"><h1>gallery</h1>${examples.join('')}</main></body></html>`);
    await picture(page, `gallery-${name}`);
    expect(await axeFindings(page, { enhanced: version === 'elder' })).toEqual([]);
    await context.close();
  });
});
