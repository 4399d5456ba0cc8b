import { demoPassword } from '../../../src/modules/identity/index.ts';
import { openBrowser, visitorOf } from '../../../tests/support/browser.ts';
import { buildWeb } from '../../../tools/web.ts';
import { inHouse } from '../../house.ts';
import { inMs, type Measure } from '../../row.ts';

/** Runs in the page: the outbox as the field app keeps it, without the app. */
const store = `(work, mode) => new Promise((resolve, reject) => {
  const open = indexedDB.open('lamplight-field');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const transaction = open.result.transaction('waiting', mode);
    const request = work(transaction.objectStore('waiting'));
    transaction.oncomplete = () => { open.result.close(); resolve(request?.result); };
    transaction.onerror = () => reject(transaction.error);
  };
})`;

/**
 * A phone comes back from a day without a network: what waits in its outbox is sent by the app itself in a real browser,
 * once in one go and once with the page killed on the way. Held against a bare page that sends the same one after the other.
 */
export const outbox: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const size = quick ? 60 : 200;
  await buildWeb();
  const town = await house.serve('town');
  const browser = await openBrowser();
  try {
    const [spot] = await house.owner.query<{ lng: number; lat: number }>(`select point[0] as lng, point[1] as lat from component where county = '330281' order by code limit 1`, []);
    const base = `http://127.0.0.1:${town.port}`;
    const phone = await visitorOf(browser, { position: { longitude: spot!.lng, latitude: spot!.lat } });
    const signed = await phone.request.post(`${base}/api/session`, { data: { account: 'collector', password: demoPassword }, headers: { origin: base } });
    if (!signed.ok()) throw new Error(`bench: signing in answered ${signed.status()} ${(await signed.text()).slice(0, 200)}`);
    const { id: account } = (await signed.json()) as { id: string };
    const open = async () => {
      const tab = await phone.newPage();
      await tab.goto(`${base}/field/#/me`);
      await tab.waitForSelector('#waiting', { timeout: 60_000 });
      return tab;
    };
    const left = `(${store})((all) => all.count(), 'readonly')`;
    /** Puts reports in the outbox of a page that has no network. @returns their operations, in order */
    const fill = async (tab: Awaited<ReturnType<typeof open>>, label: string): Promise<string[]> => {
      await phone.setOffline(true);
      const rows = Array.from({ length: size }, (_, n) => ({
        op: crypto.randomUUID(), account, order: n + 1, madeAt: Date.now() - (size - n) * 60_000, corrected: 0, title: label, label, target: 'new', thread: null, matter: null, basis: null, action: 'report',
        input: { text: `${label} ${n}`, lng: spot!.lng, lat: spot!.lat, channel: 'field' }, refused: null,
      }));
      await tab.evaluate(`(${store})((all) => { for (const row of ${JSON.stringify(rows)}) all.put(row); }, 'readwrite')`);
      return rows.map(({ op }) => op);
    };
    const empty = async (tab: Awaited<ReturnType<typeof open>>, until: number): Promise<void> => {
      for (const end = Date.now() + 180_000; ((await tab.evaluate(left)) as number) > until;) {
        if (Date.now() > end) throw new Error(`bench: ${String(await tab.evaluate(left))} actions are still waiting`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const count = async (label: string): Promise<number> =>
      Number((await house.owner.query<{ count: string }>(`select count(*) from matter_text where body like $1`, [`${label} %`]))[0]!.count);

    progress(`bench: ${size} actions from a bare page, one after the other`);
    const bare = await open();
    const anchor = (await bare.evaluate(`(async () => {
      const begin = performance.now();
      for (let n = 0; n < ${size}; n++) {
        const answer = await fetch('/api/matters', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind: 'case', action: 'report', op: crypto.randomUUID(), input: { text: 'bare ' + n, lng: ${spot!.lng}, lat: ${spot!.lat}, channel: 'field' } }) });
        if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()).slice(0, 200));
        await answer.text();
      }
      return performance.now() - begin;
    })()`)) as number;

    progress(`bench: ${size} actions out of the outbox`);
    await fill(bare, 'whole');
    const begin = performance.now();
    await phone.setOffline(false);
    await empty(bare, 0);
    const took = performance.now() - begin;

    progress(`bench: ${size} actions, and the page is gone half way`);
    await fill(bare, 'broken');
    await phone.setOffline(false);
    await empty(bare, size / 2);
    await bare.close();
    const again = await open();
    await empty(again, 0);
    const doubled = (await count('whole')) + (await count('broken')) - 2 * size;
    return [
      { name: `offline outbox, ${size} actions replayed`, figure: took / 1_000, unit: 's', anchor: anchor / 1_000, ratio: took / anchor, target: 'within 2 of a bare page', met: took <= 2 * anchor, note: `${inMs(took / size)} each, in order, each on the device until it is answered; anchor: the same requests from a bare page` },
      { name: 'offline outbox, done twice or lost', figure: doubled, unit: 'actions', target: '0', met: doubled === 0, note: `of ${2 * size}, the page closed on the way in half of them` },
    ];
  } finally {
    await browser.close();
    await town.stop();
  }
});
