import { historyInThread } from './history-thread.ts';
import type { Parts } from '../parts.ts';
import { repeated, type Work } from './works.ts';

const second = 1_000;
const hour = 3_600_000;

/** What every process that serves runs: hearing that the log has grown, keeping names and the public map current, and telling listeners. */
export const hearingOf = ({ world, modules, home, live, resident }: Parts): Work[] => [
  ...(modules.demoCamera ? [{ name: 'demo camera', start: modules.demoCamera.start, stop: modules.demoCamera.stop }] : []),
  ...modules.ledger.hearing,
  repeated(world, 'names', 15 * second, async () => { await modules.refresh(); await resident?.refresh(); }),
  ...(home === undefined ? [] : [repeated(world, 'public map', 5 * second, () => modules.bulletin.shown(home).current())]),
  { name: 'live', start: () => live.start(), stop: () => live.stop() },
];

/** What a worker runs. A job that says that it did something has its next turn at once. */
export const worksOf = ({ world, modules, counties, webhooks, resident }: Parts): Work[] => {
  const { identity, ledger, outreach, matters, finding, bulletin, openData, history, sensing, offices, open311, exchange, pictures, cameras } = modules;
  const inEachCounty = async (job: (county: string) => Promise<number | void>): Promise<number> => {
    let done = 0;
    for (const county of counties) done += Number(await job(county) ?? 0);
    return done;
  };
  return [
    ...ledger.works,
    { name: 'deliveries', start: () => outreach.worker.start(), stop: () => outreach.worker.stop() },
    ...(outreach.wechat ? [repeated(world, 'wechat menu', 24 * hour, async () => { await outreach.wechat?.setMenu(); })] : []),
    ...(bulletin.mail ? [repeated(world, 'mails', 20 * second, async () => { await inEachCounty(async (county) => void await bulletin.mail?.send(county)); })] : []),
    repeated(world, 'replies', 30 * second, () => outreach.inbound.takeUp()),
    repeated(world, 'clocks', second, () => matters.tick()),
    repeated(world, 'sensor alarms', second, () => inEachCounty(async (county) => await sensing.raising.settle(county) + await sensing.raising.tell(county))),
    repeated(world, 'silent sensors', 15 * second, async () => void await inEachCounty((county) => sensing.raising.watch(county))),
    repeated(world, 'sensor counts', 30 * second, () => inEachCounty((county) => sensing.rolls.count(county))),
    repeated(world, 'sensor ring', hour / 2, async () => { await inEachCounty((county) => sensing.rolls.forget(county)); await sensing.rolls.makeRoom(); }),
    ...(sensing.listening ? [sensing.listening] : []),
    repeated(world, 'offices', 10 * second, () => offices.turn()),
    repeated(world, 'media', 2 * second, () => open311.fetchMedia()),
    repeated(world, 'camera views', 5 * second, () => cameras.views.sweep()),
    repeated(world, 'cameras', 10 * second, async () => void await cameras.streams.probe()),
    repeated(world, 'exchange', 2 * second, async () => void await exchange.round()),
    repeated(world, 'webhooks', second, () => webhooks.send()),
    repeated(world, 'open-data', 60 * second, async () => void await openData.make()),
    historyInThread({ world, history }),
    repeated(world, 'search', 60 * second, () => inEachCounty((county) => finding.seal(county))),
    repeated(world, 'history files', hour, () => history.work.sweep()),
    repeated(world, 'operations', hour, async () => void await matters.forget()),
    repeated(world, 'sessions', hour, () => identity.sessions.sweep()),
    repeated(world, 'pictures', hour, async () => void await pictures.sweep()),
    ...(resident ? [repeated(world, 'drafts', hour, async () => void await resident.drafts.sweep())] : []),
  ];
};
