import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a backup folder holds: `manifest.json`, `tables/{name}.copy` (COPY text format), `blobs/{digest}`. */
export interface Manifest {
  readonly format: 1;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** `server_version` of the database that was copied; COPY's text format loads into any from 15 on. */
  readonly server: string;
  readonly migrations: readonly { readonly name: string; readonly digest: string }[];
  readonly tables: readonly TableCopy[];
  readonly sequences: readonly { readonly name: string; readonly value: string; readonly called: boolean }[];
  readonly blobs: readonly { readonly digest: string; readonly bytes: number }[];
  /** Which keys the sealed values need; the keys themselves are never here. */
  readonly keys: string;
}

export interface TableCopy {
  readonly name: string;
  /** In the order of the file; generated ones are not there. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal SHA-256 of the file. */
  readonly digest: string;
}

export const tableFile = (folder: string, name: string): string => join(folder, 'tables', `${name}.copy`);
export const blobFile = (folder: string, digest: string): string => join(folder, 'blobs', digest);

/** A backup or a restore that was not done. The message says what to do. */
export class BackupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BackupError';
  }
}

/** Settings under which a table's text is the same wherever it is written. */
export const copySettings = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set extra_float_digits = 1; set bytea_output = 'hex'; set client_encoding = 'UTF8'`;

/** Reads a manifest. @throws BackupError for a folder that is no finished backup. */
export const readManifest = async (folder: string): Promise<Manifest> => {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) throw new BackupError(`${folder} holds no finished backup: manifest.json is missing`);
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw new BackupError(`${folder}/manifest.json is damaged; take another copy of the backup`);
  }
  if (manifest.format !== 1) throw new BackupError(`${folder}/manifest.json has format ${String(manifest.format)}; this program reads format 1`);
  return manifest as Manifest;
};
