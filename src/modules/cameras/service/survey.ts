import type { CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { peerFault } from '../../../platform/outside/peer.ts';
import type { CameraSurvey } from '../rules/record.ts';
import { readGateways } from '../store/gateways.ts';
import { countyCode, type Shared } from './needs.ts';

/** Whether a device or gateway that somebody of the town names is called: as any other peer, and besides by plain http inside the town's own network, which is all that most cameras speak. */
export const deviceFault = (url: string, demo: boolean): 'plain' | 'demo' | undefined => {
  const fault = peerFault(url, demo);
  const read = URL.parse(url);
  if (fault !== 'plain' || !read || read.protocol !== 'http:' || read.username !== '') return fault;
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cd])/.test(read.hostname) ? (demo ? 'demo' : undefined) : 'plain';
};

/** What cameras of a county are checked against. */
export const surveyOf = async ({ world, identity, places, rules }: Shared, county: string, system: CoordinateSystem): Promise<CameraSurvey> => {
  const units = new Map<string, string>();
  for (let after = ''; ;) {
    const page = await identity.units.list(world.db, county, after, 500);
    for (const unit of page) for (const name of [unit.id, ...Object.values(unit.name)]) units.set(name, unit.id);
    if (page.length < 500) break;
    after = page.at(-1)!.id;
  }
  const { purposes, retentionAtMost } = await rules(county);
  const known = new Map(purposes.flatMap(({ key, name }) => [key, ...Object.values(name)].map((said) => [said, key] as const)));
  const gateways = new Map((await readGateways(world.db, county)).flatMap(({ id, name }) => [[name, id], [id, id]] as const));
  const tree = await places.tree(countyCode(county));
  return {
    county, system, retentionAtMost, unit: (text) => units.get(text), purpose: (text) => known.get(text), gateway: (text) => gateways.get(text), address: (url) => deviceFault(url, world.demo) === undefined,
    ...(tree.frame() !== null && {
      locate: (lng: number, lat: number) => {
        const { place, path } = tree.locate(lng, lat);
        return place === null || path === null ? null : { place, path };
      },
    }),
  };
};
