import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Outcome } from '../../src/modules/outreach/adapters/adapter.ts';
import { linkAdapter } from '../../src/modules/outreach/adapters/sms/link.ts';
import type { Heard, Receipt } from '../../src/modules/outreach/adapters/sms/line.ts';
import { smppProtocol } from '../../src/modules/outreach/adapters/sms/smpp/smpp.ts';

const peerScript = join(import.meta.dirname, 'smpp-peer.pl');
/** How long the drill waits for anything, in milliseconds. */
const patienceMs = 15_000;

/** What is wrong after the drill; undefined where the peer is not on this machine. */
export const smppDrill = async (say: (line: string) => void): Promise<readonly string[] | undefined> => {
  if (spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status !== 0) return undefined;
  const lines: string[] = [];
  const peer = spawn('perl', [peerScript], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: peer.stdout }).on('line', (line) => { lines.push(line); });
  const until = async (what: string, holds: () => boolean): Promise<boolean> => {
    for (const end = performance.now() + patienceMs; performance.now() < end;) {
      if (holds()) return true;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    wrong.push(`${what}: not within ${patienceMs / 1_000} s`);
    return false;
  };
  const wrong: string[] = [];
  try {
    if (!(await until('the centre listens', () => lines.some((line) => line.startsWith('port '))))) return wrong;
    const port = lines.find((line) => line.startsWith('port '))!.slice(5);
    const receipts: Receipt[] = [];
    const heard: Heard[] = [];
    const adapter = linkAdapter(smppProtocol({ url: `smpp://town:secret@127.0.0.1:${port}`, source: '10690281', timeoutMs: 2_000 }), {
      receipt: async (one) => { receipts.push(one); },
      heard: async (one) => { heard.push(one); },
    }, Math.random, { window: 10, perSecond: 0, againMs: 100 });
    const send = (to: string, text: string): Promise<Outcome> => adapter.send({ id: to, county: '330281', channel: 'sms', to, text, language: 'zh-Hans' });
    const got = (to: string): string[][] => lines.filter((line) => line.startsWith(`got ${to}`)).map((line) => line.split(' '));
    const expect = (what: string, holds: boolean): void => { if (!holds) wrong.push(what); };
    try {
      const text = '【灯火】您反映的“路灯不亮”（谢家路村老菜场门口第二盏）已办结并经核查。'.repeat(4);
      const long = await send('13900002101', text);
      expect(`a long Chinese message: ${JSON.stringify(long)}`, long.state === 'sent');
      const ids = long.state === 'sent' ? long.peers ?? [] : [];
      await until('the centre has every part', () => got('13900002101').length === ids.length);
      const parts = got('13900002101');
      const words = parts.map(([, , , , hex]) => Buffer.from(hex!, 'hex').subarray(6).swap16().toString('utf16le')).join('');
      expect('it was not cut into joined parts of UCS-2', parts.length > 1 && parts.every(([, , coding, esm]) => coding === '8' && (Number(esm) & 0x40) !== 0));
      expect('its parts, put together, are not what was said', words === text);
      say(`smpp: ${parts.length} parts of ${[...words].length} signs arrived whole`);
      await until('every part is reported', () => ids.every((id) => receipts.some(({ peer: of, state }) => of === id && state === 'delivered')));
      await until('the phone is heard', () => heard.some((one) => one.from === '13900002101' && one.text === '谢谢'));
      await until('reports and the reply are acknowledged', () => lines.filter((line) => line === 'kept 0').length === parts.length + 1);
      say(`smpp: ${receipts.length} delivery reports and a reply heard and acknowledged`);

      const throttled = await send('13900002102', '一');
      expect(`a throttled one: ${JSON.stringify(throttled)}`, throttled.state === 'later' && throttled.error === 'smpp_58' && (throttled.afterMs ?? 0) > 0);
      const again = await send('13900002102', '一');
      expect(`once more: ${JSON.stringify(again)}`, again.state === 'sent');
      say('smpp: throttled (ESME_RTHROTTLED) is later with a pause, and is taken then');

      const silent = await send('13900002103', '一');
      expect(`a silent centre: ${JSON.stringify(silent)}`, silent.state === 'unknown');
      const hung = await send('13900002104', '一');
      expect(`a centre that hangs up: ${JSON.stringify(hung)}`, hung.state === 'unknown');
      // The adapter dials again by itself.
      await until('it is bound again', () => lines.filter((line) => line === 'bound').length === 2 && adapter.state?.().connected === true);
      const after = await send('13900002105', '一');
      expect(`over the new link: ${JSON.stringify(after)}`, after.state === 'sent');
      for (const to of ['13900002103', '13900002104']) expect(`what may have been sent was said ${got(to).length} times`, got(to).length === 1);
      say('smpp: silent and hung up are unknown, each said once; bound again, and on it goes');
    } finally {
      await adapter.close();
    }
    return wrong;
  } finally {
    peer.kill('SIGTERM');
  }
};
