import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../../src/base/random.ts';
import { lampPhoto } from '../pages/photos.ts';
import { audit, replayAll, settleMessages } from './audit.ts';
import { ask, type Diary, work } from './clients.ts';
import { county, type House, type Served } from './house.ts';

const clients = 8;

/** Keeps a picture that the keeper took, and gives what an action names it by. */
export const keepPhoto = async (house: House, url: string): Promise<string> => {
  const response = await fetch(`${url}/api/blobs`, {
    method: 'POST', headers: { authorization: `Bearer ${house.tokens.keeper}`, 'content-type': 'image/jpeg' }, body: new Uint8Array(await lampPhoto()),
  });
  const answer = (await response.json()) as { blob: string };
  if (response.status !== 201) throw new Error(`a picture was answered ${response.status} ${JSON.stringify(answer)}`);
  return answer.blob;
};

export interface DrillReport {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Requests that broke off or were told to come back, and were asked again. */
  readonly again: number;
  readonly wrong: readonly string[];
}

const reportOf = (rounds: number, { asked, again, wrong }: Diary): DrillReport => ({
  rounds, acknowledged: asked.filter(({ status }) => status < 300).length, refused: asked.filter(({ status }) => status >= 300).length, again, wrong,
});

/** Runs the clients, in turn at each of the servers, while `fault` does its work; resolves when each of them has its last answer. */
const under = async (house: House, servers: readonly Served[], photo: string, seed: string, diary: Diary, fault: () => Promise<void>): Promise<void> => {
  let stopped = false;
  const working = Array.from({ length: clients }, (_, n) => work(house, servers[n % servers.length]!.url, photo, `${seed} ${n}`, diary, () => stopped));
  // A client that fails must not leave the fault unattended.
  const all = Promise.allSettled(working);
  try {
    await fault();
  } finally {
    stopped = true;
  }
  for (const end of await all) if (end.status === 'rejected') diary.wrong.push(String(end.reason));
};

/**
 * Kills the server, the database or both with -9 at moments that the seed decides, while clients report and act; then holds
 * what the clients were told against what is there. The server runs at the end as at the beginning.
 */
export const killRounds = async (house: House, served: Served, diary: Diary, rounds: number, seed: string, progress: (line: string) => void = () => {}): Promise<DrillReport> => {
  const random = new SeededRandom(seed);
  const photo = await keepPhoto(house, served.url);
  const faults = ['server', 'database', 'both'] as const;
  for (let round = 1; round <= rounds && diary.wrong.length === 0; round++) {
    // Five rounds hold each fault at least once.
    const fault = round <= faults.length ? faults[round - 1]! : random.pick(faults);
    const from = diary.asked.length;
    await under(house, [served], photo, `${seed} ${round}`, diary, async () => {
      // Not a wait for something to happen: the moment of the blow is what the round is about.
      await pause(300 + random.below(1_200));
      // Both in one moment, as when the power goes.
      await Promise.all([fault !== 'server' && house.database.kill(), fault !== 'database' && served.kill()]);
      if (fault !== 'server') await house.database.start();
      if (fault !== 'database') await served.start();
      await pause(200 + random.below(600));
    });
    await replayAll(house, served.url, diary, from);
    diary.wrong.push(...(await audit(house, diary)));
    progress(`round ${round}: ${fault} killed, ${diary.asked.length - from} answers, ${diary.again} asked again so far${diary.wrong.length > 0 ? `, WRONG: ${diary.wrong[0]}` : ''}`);
  }
  if (diary.wrong.length === 0) {
    await replayAll(house, served.url, diary);
    const left = await settleMessages(house);
    if (left > 0) diary.wrong.push(`${left} messages are in nobody's hands`);
    diary.wrong.push(...(await audit(house, diary)));
  }
  return reportOf(rounds, diary);
};

/**
 * The database is away for a time while clients go on; the server stays. It says 503 with Retry-After meanwhile, and the same
 * ops succeed afterwards.
 */
export const databaseAway = async (house: House, served: Served, diary: Diary, awayMs: number, seed: string): Promise<DrillReport & { readonly saidAway: number }> => {
  const photo = await keepPhoto(house, served.url);
  const from = diary.asked.length;
  let saidAway = 0;
  await under(house, [served], photo, seed, diary, async () => {
    await pause(300);
    await house.database.stop();
    const until = performance.now() + awayMs;
    do {
      const response = await fetch(`${served.url}/api/matters`, {
        method: 'POST', headers: { authorization: `Bearer ${house.tokens.collector}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'case', county, op: new SeededRandom(`${seed} ${performance.now()}`).uuid(Date.now()), input: { text: '灯不亮。', lng: 121.0301, lat: 30.1652, contact: house.contact } }),
      });
      const problem = (await response.json()) as { reason?: string; detail?: string };
      if (response.status !== 503 || !(Number(response.headers.get('retry-after')) > 0) || problem.reason !== 'http.database_away')
        diary.wrong.push(`with the database away a report was answered ${response.status} ${JSON.stringify(problem)}, Retry-After ${response.headers.get('retry-after')}`);
      else saidAway++;
      const alive = await fetch(`${served.url}/healthz`);
      if (alive.status !== 200) diary.wrong.push(`with the database away /healthz was answered ${alive.status}`);
      const ready = await fetch(`${served.url}/readyz`);
      if (ready.status !== 503) diary.wrong.push(`with the database away /readyz was answered ${ready.status}`);
      await pause(250);
    } while (performance.now() < until);
    await house.database.start();
    await pause(300);
  });
  const after = await ask(house, served.url, diary, 'collector', '/api/matters', 'report', {
    kind: 'case', county, op: new SeededRandom(`${seed} after`).uuid(Date.now()), input: { text: '灯不亮。', lng: 121.0301, lat: 30.1652, contact: house.contact },
  });
  if (after.status !== 201) diary.wrong.push(`after the database came back a report was answered ${after.status}`);
  await replayAll(house, served.url, diary, from);
  diary.wrong.push(...(await audit(house, diary)));
  return { ...reportOf(1, diary), saidAway };
};

/**
 * Two servers on one database, each with a sequencer, clocks and deliveries of its own: clients act at both, and every op is
 * asked for again at the other one.
 */
export const twoServers = async (house: House, servers: readonly [Served, Served], diary: Diary, ms: number, seed: string): Promise<DrillReport> => {
  const from = diary.asked.length;
  const photo = await keepPhoto(house, servers[0].url);
  await under(house, servers, photo, seed, diary, () => pause(ms));
  for (const { url } of servers) await replayAll(house, url, diary, from);
  // The same op at both at once: one of them does it, and both say so.
  for (let n = 0; n < 20; n++) {
    const body = { kind: 'case', county, op: new SeededRandom(`${seed} both ${n}`).uuid(Date.now()), input: { text: '灯不亮。', lng: 121.0301, lat: 30.1652, contact: house.contact } };
    const [one, other] = await Promise.all(servers.map(({ url }) => ask(house, url, diary, 'collector', '/api/matters', 'report', body)));
    if (one!.status !== 201 || one!.text !== other!.text) diary.wrong.push(`one op at two servers was answered ${one!.status} ${one!.text} and ${other!.status} ${other!.text}`);
  }
  diary.wrong.push(...(await audit(house, diary)));
  return reportOf(1, diary);
};
