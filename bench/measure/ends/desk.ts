import { demoPassword } from '../../../src/modules/identity/index.ts';
import { openBrowser, visitorOf } from '../../../tests/support/browser.ts';
import { buildWeb } from '../../../tools/web.ts';
import { inHouse } from '../../house.ts';
import { inMs, median, quantile, type Measure } from '../../row.ts';

/** Milliseconds between two keys of somebody who types without hurry: about 65 words a minute. */
const keyMs = 150;

/**
 * Calls filed at the desk by keyboard alone, with the pauses of a human hand: the caller's number, what is wrong, where, the first
 * address, the first row, sent. What the caller says takes time of its own, which is not in the figure.
 */
export const desk: Measure = async ({ quick, progress }) => {
  await buildWeb();
  return inHouse(progress, async (house) => {
    const town = await house.serve('town');
    const browser = await openBrowser();
    try {
      const context = await visitorOf(browser, { baseURL: `http://127.0.0.1:${town.port}`, width: 1440, height: 900 });
      const signed = await context.request.post('/api/session', { data: { account: 'intake', password: demoPassword } });
      if (!signed.ok()) throw new Error(`bench: the desk could not sign in: ${signed.status()}`);
      const page = await context.newPage();
      await page.goto('/console/#/intake');
      const whole: number[] = [];
      const waits: number[] = [];
      let keys = 0;
      for (let call = 0; call < (quick ? 2 : 12); call++) {
        progress(`bench: call ${call + 1} at the desk`);
        await page.waitForFunction(() => document.activeElement?.id === 'call-phone');
        const begin = performance.now();
        let waited = 0;
        keys = 0;
        const type = async (text: string): Promise<void> => { keys += text.length; await page.keyboard.type(text, { delay: keyMs }); };
        const press = async (key: string): Promise<void> => { keys += 1; await page.keyboard.press(key, { delay: keyMs }); };
        const until = async (selector: string): Promise<void> => { const from = performance.now(); await page.waitForSelector(selector); waited += performance.now() - from; };
        await type(`139000${String(10_000 + call)}`);
        await until('[data-caller]');
        await press('Tab');
        await type('门口路灯不亮，晚上看不清路');
        await press('Tab');
        await type('谢家路村');
        await until('.offers button');
        await until('input[name=row]');
        await press('Alt+a');
        await press('Alt+1');
        await press('Control+Enter');
        await until('.note-done');
        whole.push((performance.now() - begin) / 1_000);
        waits.push(waited);
        await page.reload();
      }
      const slowest = Math.max(...whole);
      return [{
        name: 'a call filed at the desk by keyboard', figure: median(whole), unit: 's', target: '< 30 s', met: slowest < 30,
        note: `${keys} keys with ${keyMs} ms each; slowest ${slowest.toFixed(1)} s; of it waiting for answers ${inMs(quantile(waits, 0.5))}`,
      }];
    } finally {
      await browser.close();
      await town.stop();
    }
  });
};
