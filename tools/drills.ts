import { parseArgs } from 'node:util';
import { newDiary } from '../tests/faults/clients.ts';
import { databaseAway, type DrillReport, killRounds } from '../tests/faults/drill.ts';
import { openHouse } from '../tests/faults/house.ts';
import { monthUnderFaults } from '../tests/faults/month.ts';
import { smppDrill } from '../tests/faults/smpp.ts';

/** `--month DAYS` plays a month of the town under `--rounds` blows and checks its log instead. `--rounds N` kills so many times; `--away SECONDS` takes the database away for so long; `--seed WORD` makes another course of events. `--smpp` talks to a short message centre of another make instead (Debian: libnet-smpp-perl). */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, away: { type: 'string' }, month: { type: 'string' }, seed: { type: 'string', default: 'drills' }, smpp: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);
// A minute beside the long course, a moment beside the short one.
const away = Number(values.away ?? (rounds >= 10 ? 60 : 3));
if (!Number.isInteger(rounds) || rounds < 1 || !(away >= 0)) {
  console.error('drills: --rounds takes a whole number from 1, --away seconds');
  process.exit(2);
}

const say = (line: string): void => console.log(line);
const began = performance.now();
if (values.smpp) {
  const found = await smppDrill(say);
  for (const line of found ?? []) say(`wrong: ${line}`);
  say(found === undefined ? 'drills: there is no peer on this machine: perl with Net::SMPP (Debian: libnet-smpp-perl); nothing was tried' : `drills: SMPP with a centre of another make, ${found.length} things wrong, ${Math.round((performance.now() - began) / 1_000)} s`);
  process.exit(found?.length === 0 ? 0 : 1);
}
if (values.month !== undefined) {
  const days = Number(values.month);
  if (!Number.isInteger(days) || days < 1) {
    console.error('drills: --month takes a whole number of days from 1');
    process.exit(2);
  }
  say(`drills: ${days} days of the town, struck ${rounds} times`);
  const report = await monthUnderFaults({ from: '2026-09-14', days, seed: values.seed, blows: rounds }, say);
  for (const line of report.wrong.slice(0, 50)) say(`wrong: ${line}`);
  say(`drills: ${report.matters} matters, ${report.entries} entries, ${report.blows} blows, ${report.sent} messages sent over ${report.gatewayFaults} faults of the gateway, ${report.wrong.length} things wrong, ${Math.round((performance.now() - began) / 1_000)} s`);
  process.exit(report.wrong.length === 0 ? 0 : 1);
}
say('drills: a town on a database of its own, durable as it ships');
const house = await openHouse();
// Ctrl-C leaves neither a server nor a database behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void house.close().finally(() => process.exit(130)));
const wrong: string[] = [];
let told: DrillReport | undefined;
try {
  const served = await house.serve();
  await served.start();
  const diary = newDiary();
  told = await killRounds(house, served, diary, rounds, values.seed, say);
  if (diary.wrong.length === 0 && away > 0) {
    say(`the database goes away for ${away} s`);
    const report = await databaseAway(house, served, diary, away * 1_000, `${values.seed} away`);
    say(`the database was away: ${report.saidAway} times said so, ${report.again} requests asked again in all`);
    told = { ...report, rounds };
  }
  wrong.push(...diary.wrong);
} catch (error) {
  wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await house.close();
}
for (const line of wrong.slice(0, 50)) say(`wrong: ${line}`);
const seconds = Math.round((performance.now() - began) / 1_000);
say(wrong.length === 0 && told
  ? `drills: ${told.rounds} rounds, ${told.acknowledged} actions acknowledged and each there once, ${told.refused} refused, ${told.again} asked again, ${seconds} s`
  : `drills: ${wrong.length} things are wrong after ${seconds} s (seed ${values.seed})`);
process.exit(wrong.length === 0 ? 0 : 1);
