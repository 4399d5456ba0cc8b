import { isRefusal, refuse } from '../../base/result.ts';
import { sendDownload } from '../../platform/http/download.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { openDataDictionary, openDataFile } from './contract.ts';
import { setsOf } from './service/sets.ts';
import type { OpenData } from './service/open-data.ts';

/** Content types of what can be fetched. */
const types: Readonly<Record<string, string>> = { csv: 'text/csv; charset=utf-8', geojson: 'application/geo+json' };

/** Open data of the one county that is there. */
export const openDataRoutes = (openData: OpenData, county: string): Mounted[] => [
  handle(openDataDictionary, async () => {
    const [{ smallest, protects, licence }, files] = await Promise.all([openData.settings(county), openData.files(county)]);
    return {
      county, smallest, protects, licence, sets: setsOf(),
      files: files.map(({ day, name, digest, bytes, rows }) => ({ day, path: `/data/${name.replace('.', `/${day}.`)}`, sha256: digest, bytes, rows })),
    };
  }),
  handle(openDataFile, async ({ params, reply }) => {
    const [, day, format, sum] = /^(latest|\d{4}-\d\d-\d\d)\.(csv|geojson)(\.sha256)?$/.exec(params.file) ?? [];
    if (day === undefined || format === undefined) return refuse(404, 'opendata.file', { file: params.file });
    const row = await openData.file(county, `${params.set}.${format}`, day);
    if (isRefusal(row)) return row;
    const file = `${params.set}-${row.day}.${format}`;
    if (sum !== undefined) {
      sendDownload(reply, { type: 'text/plain; charset=utf-8', file: `${file}.sha256` }, (async function* () { yield Buffer.from(`${row.digest}  ${file}\n`); })());
      return undefined;
    }
    const found = await openData.open(row);
    if (isRefusal(found)) return found;
    reply.header('repr-digest', `sha-256=:${Buffer.from(row.digest, 'hex').toString('base64')}:`);
    sendDownload(reply, { type: types[format]!, file }, found.body);
    return undefined;
  }),
];
