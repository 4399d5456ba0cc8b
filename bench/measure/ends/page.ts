import { openBrowser, visitorOf } from '../../../tests/support/browser.ts';
import { inHouse } from '../../house.ts';
import { inMs, median, type Measure } from '../../row.ts';

/** The first page as a resident's browser that has never been here loads it, over and over: bytes on the wire, and when its largest part stands. */
export const page: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const town = await house.serve('town');
  const browser = await openBrowser();
  try {
    const shown: number[] = [];
    const all: number[] = [];
    let [scripts, requests] = [0, 0];
    for (let round = 0; round < (quick ? 2 : 9); round++) {
      progress(`bench: first page, visit ${round + 1}`);
      const visitor = await visitorOf(browser);
      const tab = await visitor.newPage();
      const wire = await visitor.newCDPSession(tab);
      await wire.send('Network.enable');
      await wire.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      const kinds = new Map<string, string>();
      let bytes = 0;
      [scripts, requests] = [0, 0];
      wire.on('Network.responseReceived', ({ requestId, type }) => void kinds.set(requestId, type));
      wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        bytes += encodedDataLength;
        requests++;
        if (kinds.get(requestId) === 'Script') scripts += encodedDataLength;
      });
      await tab.goto(`http://127.0.0.1:${town.port}/`, { waitUntil: 'networkidle' });
      shown.push(await tab.evaluate(() => new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)!.startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
      })));
      all.push(bytes);
      await visitor.close();
    }
    const [kilobytes, largest] = [median(all) / 1_000, median(shown)];
    return [
      { name: 'resident first page, all requests', figure: kilobytes, unit: 'KB on the wire', target: '< 40 KB', met: kilobytes < 40, note: `${requests} requests, headers included; ${(scripts / 1_000).toFixed(1)} KB of it a script that the page also works without` },
      { name: 'resident first page, largest part shown (LCP), processor slowed 4×', figure: largest, unit: 'ms', target: '< 1,000 ms', met: largest < 1_000, note: `slowest of ${shown.length}: ${inMs(Math.max(...shown))}` },
    ];
  } finally {
    await browser.close();
    await town.stop();
  }
});
