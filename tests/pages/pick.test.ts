import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFindings, isTooWide, openBrowser, picture, smallTargets, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedTown, type ServedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
beforeAll(async () => { [town, browser] = await Promise.all([servedTown(), openBrowser()]); }, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

let page: Page;
/** What the line under the map says by and by. */
const says = () => expect.poll(() => page.locator('[data-where]').textContent(), { timeout: 10_000 });

it('the place of a report is taken from a map by keys alone, which says at each stop where it is', async () => {
  const visitor = await visitorOf(browser, { baseURL: town.url });
  page = await visitor.newPage();
  const scripts: string[] = [];
  page.on('request', (request) => { if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname); });
  await page.goto('/report');
  await page.click('button[value=skip]');
  expect(scripts.filter((path) => path.includes('/map-')), 'the map comes with its own page only').toEqual([]);
  await page.click('a[href$="/map"]');
  expect(await page.locator('.map').isVisible()).toBe(false);
  await page.focus('.slippy');
  // The map begins with the whole town, from where no spot can be told.
  await says().toContain('再放大一些');
  await page.keyboard.press('Enter');
  await page.keyboard.press('+');
  await says().toMatch(/谢家路村|不在/);
  const before = await page.inputValue('input[name=lng]');
  for (let turn = 0; turn < 6; turn++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  expect(Number(await page.inputValue('input[name=lng]'))).toBeGreaterThan(Number(before));
  for (const [width, version] of [[390, 'plain'], [1440, 'plain'], [390, 'elderLarge']] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${new URL(page.url()).pathname}?version=${version}`);
    await says().not.toBe('');
    expect([await axeFindings(page, { enhanced: version !== 'plain' }), await isTooWide(page), await smallTargets(page, version === 'plain' ? 44 : 56)]).toEqual([[], false, []]);
    await picture(page, `pick-${version}-${width}`);
  }
  await page.focus('.slippy');
  // From afar Enter goes nearer; near enough, it takes the spot.
  for (let turn = 0; turn < 8 && page.url().endsWith('/map'); turn++) { await page.keyboard.press('Enter'); await page.waitForTimeout(0); }
  await page.waitForURL(/\/(which|what)$/);
  await visitor.close();
}, 90_000);

it('a tap on the map brings the spot to the middle, and the button takes it to where it was tapped', async () => {
  const lamp = town.lamps[6]!;
  const visitor = await visitorOf(browser, { baseURL: town.url, position: { longitude: lamp.lng, latitude: lamp.lat } });
  page = await visitor.newPage();
  await page.goto('/report');
  await page.click('button[value=skip]');
  await page.click('[data-does=locate]');
  await page.waitForURL('**/which');
  await page.goto(page.url().replace(/which$/, 'map'));
  await says().toContain('离光明路7号灯');
  const box = (await page.locator('.slippy').boundingBox())!;
  const before = Number(await page.inputValue('input[name=lng]'));
  await page.mouse.click(box.x + box.width / 2 + 100, box.y + box.height / 2);
  expect(Number(await page.inputValue('input[name=lng]'))).toBeGreaterThan(before);
  await says().not.toContain('光明路7号灯');
  await page.click('[data-take]');
  await page.waitForURL(/\/(which|what)$/);
  expect(await page.locator('input[name=which]').first().getAttribute('value')).not.toBe(lamp.code);
  await visitor.close();
}, 90_000);
