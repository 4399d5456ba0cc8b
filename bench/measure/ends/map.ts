import { openBrowser, visitorOf } from '../../../tests/support/browser.ts';
import { loadHistory } from '../../history.ts';
import { inHouse } from '../../house.ts';
import { inMs, quantile, type Measure } from '../../row.ts';

const county = '330281';

/** The public map over a hundred thousand open reports: first paint and all points of a visitor who has never been here, then the same map dragged by keys. */
export const map: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  await (await house.serve('town')).stop();
  const keys = (await house.owner.query<{ key: string }>('select key from standards_row where county = $1 order by line', [county])).map(({ key }) => key);
  const size = quick ? 5_000 : 100_000;
  await loadHistory(house.owner, county, keys, 0, size, progress);
  // All of them open, in hand, of the last eighty days, and spread over the county's towns.
  await house.owner.query(
    `update matter set state = 'handling', ended_at = null, created_at = now() - interval '80 days' * (substr(number, 2)::float8 / $2),
       at = point(120.95 + (substr(number, 2)::bigint * 7919 % 20011) * 0.00001, 30.05 + (substr(number, 2)::bigint * 104729 % 20021) * 0.00001)
     where county = $1 and number ~ '^B[0-9]+$'`, [county, size]);
  await house.owner.query('vacuum (analyze) matter');
  const town = await house.serve('town');
  const browser = await openBrowser();
  try {
    const base = `http://127.0.0.1:${town.port}`;
    // The index is filled by whoever comes first after a start; how long that takes is a figure of its own.
    progress('bench: filling the index of the map');
    const begin = performance.now();
    const warm = await fetch(`${base}/reports/map`);
    if (!warm.ok) throw new Error(`bench: the map answered ${warm.status}`);
    await warm.text();
    const fillMs = performance.now() - begin;
    const [painted, dotted, panned, tiles]: [number[], number[], number[], number[]] = [[], [], [], []];
    let [spots, reports] = [0, 0];
    for (let visit = 0; visit < (quick ? 2 : 9); visit++) {
      progress(`bench: map, visit ${visit + 1}`);
      const context = await visitorOf(browser, { baseURL: base, width: 390, height: 844 });
      const page = await context.newPage();
      page.on('requestfinished', (request) => { if (/\/reports\/.*\d+\/\d+\/\d+/u.test(request.url())) tiles.push(request.timing().responseEnd); });
      const from = performance.now();
      await page.goto('/reports/map');
      painted.push(await page.evaluate(() => new Promise<number>((resolve) => {
        new PerformanceObserver((list) => { const [first] = list.getEntriesByName('first-contentful-paint'); if (first) resolve(first.startTime); }).observe({ type: 'paint', buffered: true });
      })));
      await page.waitForSelector('.slippy .spot');
      dotted.push(performance.now() - from);
      await page.waitForLoadState('networkidle');
      [spots, reports] = await page.evaluate(() => {
        const all = [...document.querySelectorAll('.slippy .spot')];
        return [all.length, all.reduce((sum, { textContent }) => sum + (textContent === '' ? 1 : Number.parseFloat(textContent ?? '1') * (/k$/u.test(textContent ?? '') ? 1_000 : 1)), 0)];
      });
      await page.focus('.slippy');
      for (let step = 0; step < 12; step++)
        panned.push(await page.evaluate((key) => new Promise<number>((resolve) => {
          const box = document.querySelector<HTMLElement>('.slippy')!;
          const layer = box.querySelector<HTMLElement>('.layer')!;
          const before = layer.style.transform;
          const started = performance.now();
          const look = (): void => {
            if (layer.style.transform === before && performance.now() - started < 3_000) requestAnimationFrame(look);
            else requestAnimationFrame(() => resolve(performance.now() - started));
          };
          box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
          look();
        }), ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'][step % 4]!));
      await context.close();
    }
    const [first, pan] = [quantile(painted, 0.95), quantile(panned, 0.95)];
    const among = `${size.toLocaleString('en')} open reports`;
    return [
      { name: `public map of ${among}, first paint`, figure: first, unit: 'ms p95', target: '< 1,000 ms', met: first < 1_000, note: `p50 ${inMs(quantile(painted, 0.5))}; ${spots} spots for some ${Math.round(reports).toLocaleString('en')} reports in view, the first of them at ${inMs(quantile(dotted, 0.5))}` },
      { name: `public map of ${among}, pan to the next frame`, figure: pan, unit: 'ms p95', target: '< 100 ms', met: pan < 100, note: `p50 ${inMs(quantile(panned, 0.5))}; tiles and their points p95 ${inMs(quantile(tiles, 0.95))}` },
      { name: `public map of ${among}, index filled after a start`, figure: fillMs, unit: 'ms', note: 'by the first visitor, who waits for it' },
    ];
  } finally {
    await browser.close();
    await town.stop();
  }
});
