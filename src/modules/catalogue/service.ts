import type { World } from '../../platform/world.ts';
import { Standards, type StandardRow, type StandardsVersion } from './rules/standards.ts';
import { rowsOf, versionsAfter } from './store.ts';

/** The code tables of all counties. Reading is synchronous, from memory; `refresh` brings what was imported since. */
export interface Catalogue {
  /** The version that counts at a time (milliseconds since 1970), undefined before the first. */
  currentVersion(county: string, at: number): number | undefined;
  /** Versions of a county, newest first. */
  versions(county: string): StandardsVersion[];
  /** A row by its key in the version that a matter was decided under. */
  row(county: string, version: number, key: string): StandardRow | undefined;
  /** All rows of a version in the table's order; empty for a version that is not there. */
  rows(county: string, version: number): readonly StandardRow[];
  /** Loads versions that were imported since the last time, of one county or of all. Cheap when there are none. */
  refresh(county?: string): Promise<void>;
}

/** Opens the catalogue with everything that the database has. */
export const createCatalogue = async (world: World): Promise<Catalogue> => {
  const standards = new Standards();
  const refresh = async (county?: string): Promise<void> => {
    const known = county === undefined ? 0 : (standards.versions(county)[0]?.version ?? 0);
    for (const version of await versionsAfter(world.db, county ?? null, known)) {
      if (standards.rows(version.county, version.version).length === 0)
        standards.add(version, await rowsOf(world.db, version.county, version.version));
    }
  };
  await refresh();
  return {
    currentVersion: (county, at) => standards.currentVersion(county, at),
    versions: (county) => standards.versions(county),
    row: (county, version, key) => standards.row(county, version, key),
    rows: (county, version) => standards.rows(county, version),
    refresh,
  };
};
