import type { CountyCode } from '../../src/base/ids.ts';
import { SeededRandom } from '../../src/base/random.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';

const start = Date.parse('2026-11-24T01:00:00Z');

/** Entries of made-up matters, each with its versions in order; equal arguments give equal entries. */
export const entriesFor = (county: string, count: number, seed: string, versions = 4): Entry[] => {
  const random = new SeededRandom(seed);
  const entries: Entry[] = [];
  const states = ['reported', 'filed', 'dispatched', 'closed'];
  let matter = '';
  for (let i = 0; i < count; i++) {
    const mv = (i % versions) + 1;
    if (mv === 1) matter = random.uuid(start + i);
    const from = states[(mv - 2) % states.length];
    entries.push({
      v: 1, county: county as CountyCode, subject: 'matter', matter, mv, kind: 'case', action: `step${mv}`,
      ...(mv > 1 && { from: from! }), to: states[(mv - 1) % states.length]!,
      actor: { id: random.uuid(start), role: 'collector', unit: 'u-lighting' },
      at: new Date(start + i * 1000).toISOString(), op: random.uuid(start + i),
      set: { place: '330281103203001', code: '0106', leadUnit: 'u-lighting', lng: 121.0 + i / 1e6, lat: 30.1 },
      texts: [{ id: random.uuid(start), name: 'note', digest: Buffer.from(random.bytes(32)).toString('hex') }],
    });
  }
  return entries;
};

/** Waits for a condition, looking again as soon as the last look ended. @throws after `ms`. */
export const until = async (holds: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> => {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
};
