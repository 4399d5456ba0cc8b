import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openDatabase, type Database } from '../database/database.ts';
import type { Migration } from '../database/migrations.ts';
import type { Seat } from '../database/seat.ts';
import { keyState } from '../keyCheck.ts';
import { openKeys, type Keys } from '../keys.ts';
import { checkKeys, checkLedger, checkMigrations, checkSequencer, checkServer } from './database.ts';
import { type Finding, finding } from './finding.ts';
import { checkDisk, checkFolder, checkKeysApart, checkNode, checkPort, checkUrl } from './machine.ts';

export interface DoctorOptions {
  readonly config: Config;
  readonly nodeVersion: string;
  /** Whether the port could be listened on. */
  readonly portFree: boolean;
  readonly migrations: readonly Migration[];
  /** Opens the database; what it throws is a finding. */
  readonly openSeat: () => Promise<Seat>;
  readonly now: () => number;
  /** What modules know of a database whose keys are at hand. */
  readonly more?: (db: Database, keys: Keys) => Promise<readonly Finding[]>;
}

/** Looks at everything that an operator can mend, and changes nothing. */
export const examine = async ({ config, nodeVersion, portFree, migrations, openSeat, now, more }: DoctorOptions): Promise<Finding[]> => {
  const findings: Finding[] = [
    checkNode(nodeVersion),
    await checkPort(config, portFree),
    await checkDisk(config.data),
    await checkFolder('data', config.data),
    await checkFolder('keys', config.keys),
    checkKeysApart(config),
    checkUrl(config),
  ];
  let seat: Seat;
  try {
    seat = await openSeat();
  } catch (error) {
    return [...findings, finding('database', 'bad', 'away', { where: config.databaseUrl === null ? join(config.data, 'database') : 'DATABASE_URL', words: (error as Error).message })];
  }
  const db = openDatabase(seat.app, { max: 2 });
  try {
    findings.push(...(await checkServer(db, now)));
    findings.unshift(finding('database', 'ok', 'ok', { where: seat.where }));
    const schema = await checkMigrations(db, migrations);
    findings.push(schema);
    if (schema.state !== 'ok') return findings;
    findings.push(await checkLedger(db), await checkSequencer(db));
    if (findings.find(({ check }) => check === 'keys')?.key === 'doctor.keys.ok') {
      const keys = openKeys(config.keys);
      findings.push(checkKeys(await keyState(db, keys), config.keys), ...((await more?.(db, keys)) ?? []));
    }
    return findings;
  } catch (error) {
    return [...findings, finding('database', 'bad', 'away', { where: seat.where, words: (error as Error).message })];
  } finally {
    await db.close();
    await seat.close();
  }
};
