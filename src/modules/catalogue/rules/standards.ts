import type { Limit } from '../../../base/time/limit.ts';

/** A row of the filing-and-closing table (立案结案标准), as the city published it. */
export interface StandardRow {
  /** Code and condition: `C0137-9k2x4f`, stable while both stay the same, whatever the order of rows. */
  readonly key: string;
  readonly kind: 'component' | 'event';
  /** `C` or `E` with major and minor: `C0137`. Several rows share it. */
  readonly code: string;
  readonly major: string;
  readonly majorName: string;
  readonly minor: string;
  readonly minorName: string;
  /** Who handles it, in the table's words. */
  readonly handler: string;
  readonly authority: string;
  /** 立案条件 and 结案条件. */
  readonly openCondition: string;
  readonly closeCondition: string;
  /** The limit as written, as understood (null where it was not), and the words behind it. */
  readonly limitText: string;
  readonly limit: Limit | null;
  readonly note: string | null;
  /** Line of the imported file. */
  readonly line: number;
}

/** One import of a table. Rows of a version never change; a matter keeps the version it was decided under. */
export interface StandardsVersion {
  readonly county: string;
  /** 1, 2, 3 … per county. */
  readonly version: number;
  /** The source as people name it. */
  readonly name: string;
  /** Milliseconds since 1970; from here on the version counts, until a later one does. */
  readonly effectiveAt: number;
  readonly importedAt: number;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** What a bare `小时` counted when the limits were read. */
  readonly defaultHour: string;
  readonly rows: number;
  readonly notUnderstood: number;
  /** Who imported or edited it; absent in tests that need none. */
  readonly importedBy?: string;
  /** Since when it counts no more, in milliseconds since 1970; null while it may. */
  readonly withdrawnAt?: number | null;
}

interface Loaded {
  readonly version: StandardsVersion;
  readonly rows: readonly StandardRow[];
  readonly byKey: ReadonlyMap<string, StandardRow>;
}

/**
 * All versions of all counties in memory, for those who must not wait: the kernel's decisions look rows up here.
 * A county has a few versions of some hundred rows; ten counties take about 10 MB.
 */
export class Standards {
  readonly #counties = new Map<string, Map<number, Loaded>>();

  /** Adds a version; one that is there already stays as it is, since versions never change. */
  add(version: StandardsVersion, rows: readonly StandardRow[]): void {
    let versions = this.#counties.get(version.county);
    if (!versions) this.#counties.set(version.county, (versions = new Map()));
    if (!versions.has(version.version))
      versions.set(version.version, { version, rows, byKey: new Map(rows.map((row) => [row.key, row])) });
  }

  /** Says which versions of a county are withdrawn, and since when; all others count. */
  setWithdrawn(county: string, withdrawn: ReadonlyMap<number, number>): void {
    const versions = this.#counties.get(county);
    for (const [number, loaded] of versions ?? []) {
      const withdrawnAt = withdrawn.get(number) ?? null;
      if ((loaded.version.withdrawnAt ?? null) !== withdrawnAt) versions!.set(number, { ...loaded, version: { ...loaded.version, withdrawnAt } });
    }
  }

  /** Counties that have a version. */
  counties(): string[] {
    return [...this.#counties.keys()];
  }

  /** Versions of a county, newest first. */
  versions(county: string): StandardsVersion[] {
    return [...(this.#counties.get(county)?.values() ?? [])].map((loaded) => loaded.version).sort((a, b) => b.version - a.version);
  }

  /**
   * The version that counts at a time: the one that took effect last, and of two that did together the newer; one that is withdrawn never.
   * Undefined before the first.
   * @param at milliseconds since 1970
   */
  currentVersion(county: string, at: number): number | undefined {
    let best: StandardsVersion | undefined;
    for (const { version } of this.#counties.get(county)?.values() ?? []) {
      if (version.effectiveAt > at || version.withdrawnAt != null) continue;
      if (!best || version.effectiveAt > best.effectiveAt || (version.effectiveAt === best.effectiveAt && version.version > best.version)) best = version;
    }
    return best?.version;
  }

  rows(county: string, version: number): readonly StandardRow[] {
    return this.#counties.get(county)?.get(version)?.rows ?? [];
  }

  row(county: string, version: number, key: string): StandardRow | undefined {
    return this.#counties.get(county)?.get(version)?.byKey.get(key);
  }
}
