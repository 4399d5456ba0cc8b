import type { World } from '../../../../platform/world.ts';
import { sameBytes } from '../../rules/notes.ts';
import { tracedCounties } from '../../store/log.ts';
import { readWitnessed, readWitnesses } from '../../store/witnesses.ts';
import { readWitnessFile } from '../witnesses.ts';
import { knownKeys } from '../signing/continuity.ts';
import { readAnchor, type Anchor, type KnownKey } from './anchors.ts';
import { verifyCounty } from './county.ts';
import type { CountyReport, Finding, TraceChecker } from './findings.ts';

export interface VerifyOptions {
  /** Only this county. */
  readonly county?: string;
  /** Notes that somebody brings along, kept outside: the strongest witness there is. Of any county. */
  readonly notes?: readonly string[];
  readonly progress?: (county: string, done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Everything about a county's log that stands outside of its own tables. */
const outsideOf = async (
  db: World['db'], keys: readonly KnownKey[], county: string, brought: readonly string[],
): Promise<{ anchors: Anchor[]; findings: Finding[] }> => {
  const anchors: Anchor[] = [];
  const findings: Finding[] = [];
  const add = async (note: string, source: string, mayBeOther: boolean): Promise<void> => {
    if (mayBeOther && !note.startsWith(`lamplight.ledger/${county}\n`)) return;
    const read = await readAnchor(county, note, keys);
    if (typeof read === 'string') findings.push({ county, seq: null, what: `witness_${read}`, params: { source } });
    // What stands in a witness's file and in our own list of what it has seen is one statement.
    else if (!anchors.some((each) => each.size === read.size && each.source === source && sameBytes(each.root, read.root))) anchors.push({ ...read, source });
  };
  for (const { name, kind, target } of await readWitnesses(db, county)) {
    if (kind !== 'file') continue;
    try {
      for (const note of await readWitnessFile(target)) await add(note, name, true);
    } catch (error) {
      findings.push({ county, seq: null, what: 'witness_unread', params: { source: name, error: (error as Error).message } });
    }
  }
  for (const row of await readWitnessed(db, county)) await add(row.note, row.witness, false);
  for (const note of brought) await add(note, '--checkpoints', true);
  return { anchors, findings };
};

/** Reads whole counties and says what is not as it was when it was signed. One connection for as long as it takes. */
export const verify = async (
  world: Pick<World, 'db' | 'keys'>, checkers: readonly TraceChecker[], options: VerifyOptions = {},
): Promise<CountyReport[]> => {
  const reports: CountyReport[] = [];
  const counties = options.county === undefined ? await tracedCounties(world.db) : [options.county];
  for (const county of counties) {
    options.signal?.throwIfAborted();
    const keys = await knownKeys(world.db, county, world.keys);
    const outside = await outsideOf(world.db, keys, county, options.notes ?? []);
    const client = await world.db.connection();
    let failed = true;
    try {
      const report = await verifyCounty(world, keys, client, county, outside.anchors, checkers, (done, of) => {
        options.signal?.throwIfAborted();
        options.progress?.(county, done, of);
      });
      failed = false;
      reports.push({ ...report, findings: [...outside.findings, ...report.findings] });
    } finally {
      client.release(failed);
    }
  }
  return reports;
};
