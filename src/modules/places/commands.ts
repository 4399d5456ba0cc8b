import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { theSystem } from '../../base/actor.ts';
import { coordinateSystems, isCoordinateSystem } from '../../base/geo/coordinates.ts';
import type { CountyCode } from '../../base/ids.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal } from '../../base/result.ts';
import { WrongUse, type Command } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import { dutyCommands } from './duty-commands.ts';
import type { Places } from './index.ts';

/** What the commands stand on; opened when the first of them runs. */
export interface PlacesParts {
  readonly places: Places;
  readonly identity: Pick<Identity, 'county' | 'accounts' | 'world' | 'zone'>;
}

/** `import places FILE`: GeoJSON, whole or not at all, with a line of progress a second; the official names; and duty. */
export const placesCommands = (open: () => Promise<PlacesParts>): readonly Command[] => [...dutyCommands(open), {
  name: 'import places',
  args: [{ name: 'file', required: true }],
  options: [
    { name: 'dry-run', value: 'flag' },
    { name: 'replace', value: 'flag' },
    { name: 'crs', value: 'text' },
    { name: 'county', value: 'text' },
  ],
  async run(call) {
    const system = call.text('crs') ?? 'wgs84';
    if (!isCoordinateSystem(system)) throw new WrongUse('import.places.badCrs', { crs: system, known: coordinateSystems.join(' ') });
    const file = call.arg('file');
    const reasons = textsOf('reasons');
    const size = await stat(file).then((info) => info.size, () => null);
    if (size === null) return { done: false, data: { reason: 'places.no_file', params: { file } }, lines: [say(reasons, call.language, 'places.no_file', { file })] };
    const { places, identity } = await open();
    const county = await identity.county(call.text('county'));
    if (isRefusal(county)) return { done: false, data: { reason: county.reason }, lines: [say(reasons, call.language, county.reason, county.params)] };
    let told = 0;
    const done = await places.importGeoJson(county as CountyCode, { actor: theSystem, role: 'system' }, createReadStream(file), {
      source: basename(file), system, bytes: size, mode: call.flag('replace') ? 'replace' : 'merge', dryRun: call.flag('dry-run'),
      progress({ phase, done: part, total }) {
        if (performance.now() - told < 1000) return;
        told = performance.now();
        call.progress(call.say(`import.places.${phase}`, { percent: total > 0 ? Math.floor((part / total) * 100) : 0 }));
      },
    });
    if (isRefusal(done)) {
      const errors = (done.errors ?? []).map(({ path, reason, params }) => ({ path, reason, params: params ?? {}, message: say(reasons, call.language, reason, params) }));
      return {
        done: false,
        data: { reason: done.reason, params: done.params ?? {}, errors },
        lines: [say(reasons, call.language, done.reason, done.params), ...errors.map(({ message }) => `  ${message}`)],
      };
    }
    return { done: true, data: { ...done }, lines: [call.say(done.dryRun ? 'import.places.dryRun' : 'import.places.done', { ...done, dryRun: String(done.dryRun) })] };
  },
}];
