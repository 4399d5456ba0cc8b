import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { readMapping } from '../../src/modules/history/index.ts';
import { SeenIds } from '../../src/modules/history/rules/seen.ts';
import type { Survey } from '../../src/modules/history/rules/record.ts';
import { newTally, readRows } from '../../src/modules/history/service/reading.ts';
import { detectEncoding } from '../../src/platform/tables/encoding.ts';
import { readSeparated } from '../../src/platform/tables/separated.ts';
import { piecesOf, type LongTable, type Pieces } from '../../src/platform/tables/table.ts';

const mapping = await readMapping('city-management').then((read) => { if (isRefusal(read)) throw new Error(read.reason); return read; });
const survey: Survey = { mapping, offsetMinutes: 480, now: Date.parse('2026-11-24T00:00:00Z'), locate: () => null, place: () => undefined, row: () => undefined, unit: () => undefined };
const title = [mapping.columns.id[0], mapping.columns.reportedAt[0], mapping.columns.state[0]].join(',');
const state = Object.keys(mapping.states)[0]!;
const line = (id: string): string => `${id},2024-03-01 08:05,${state}\n`;

/** A table that is made while it is read: how many pieces were asked for in each reading of it. */
const madeTable = (pieces: number, linesOfEach: number): LongTable & { readonly readings: { given: number }[] } => {
  const piece = (n: number): Buffer => Buffer.from((n === 0 ? `${title}\n` : '') + Array.from({ length: linesOfEach }, (_, at) => line(`旧-${n}-${at}`)).join(''));
  let size = 0;
  for (let n = 0; n < pieces; n++) size += piece(n).length;
  const readings: { given: number }[] = [];
  return {
    name: 'old.csv', size, readings,
    async *read() {
      const reading = { given: 0 };
      readings.push(reading);
      for (let n = 0; n < pieces; n++) {
        reading.given++;
        yield piece(n);
      }
    },
  };
};
const cut = (bytes: Uint8Array, every: number): Pieces => ({ size: bytes.length, *read() { for (let at = 0; at < bytes.length; at += every) yield bytes.subarray(at, at + every); } });

describe('a long file', () => {
  test('is read a piece at a time: none is asked for before the rows of the one before are through', async () => {
    const [pieces, each] = [60, 1_500];
    const file = madeTable(pieces, each);
    const tally = newTally();
    let rows = 0;
    let batches = 0;
    for await (const { drafts } of readRows(file, survey, tally, () => {})) {
      rows += drafts.length;
      batches++;
      // What has been handed on, the batch that is being filled, and one piece.
      expect(file.readings.at(-1)!.given * each - rows).toBeLessThanOrEqual(2_000 + 2 * each);
    }
    expect([rows, tally.rows, tally.refused]).toEqual([pieces * each, pieces * each, 0]);
    expect(batches).toBeGreaterThan(20);
  });
  test('is gone on with after a line: what stands before it is counted and not looked at', async () => {
    const file = madeTable(4, 1_500);
    const all: string[] = [];
    for await (const { drafts } of readRows(file, survey, newTally(), () => {})) all.push(...drafts.map(({ id, line: at }) => `${at} ${id}`));
    const tally = newTally();
    const rest: string[] = [];
    for await (const { drafts } of readRows(file, survey, tally, () => {}, { after: 2_501 })) rest.push(...drafts.map(({ id, line: at }) => `${at} ${id}`));
    expect(rest).toEqual(all.slice(2_500));
    expect(tally.rows).toBe(6_000);
  });
  test('is read the same however it is cut, in every encoding, and a line that is wrong is named', async () => {
    const text = `编号,内容\n${Array.from({ length: 50 }, (_, at) => `${at},灯🏮不亮 ${at}\n`).join('')}`;
    const read = async (pieces: Pieces): Promise<readonly [string, string]> => {
      let cells = '';
      let found = '';
      for await (const { rows, encoding } of readSeparated(pieces)) {
        cells += rows.map((row) => `${row.cells.join(',')}\n`).join('');
        found = encoding;
      }
      return [found, cells];
    };
    for (const [encoding, bytes] of [['utf-8', Buffer.from(text)], ['gb18030', iconv.encode(text, 'gb18030')], ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])]] as const)
      for (const every of [3, 7, 64, 1 << 20]) expect(await read(cut(bytes, every)), `${encoding} ${every}`).toEqual([encoding, text]);
    const broken = Buffer.concat([Buffer.from('编号\n1\n2\n'), Buffer.from([0xe7, 0x81, 0xff, 0xff]), Buffer.from('\n3\n')]);
    for (const every of [2, 5, 1_000]) await expect(detectEncoding(cut(broken, every))).rejects.toMatchObject({ rule: 'tables.encoding', line: 4 });
    for (const every of [2, 1_000]) await expect(detectEncoding(cut(Buffer.from('a\nb\0c'), every))).rejects.toMatchObject({ rule: 'tables.not_text', line: 2 });
    // A file that ends in the middle of a character.
    await expect(detectEncoding(piecesOf(Buffer.from('编号\n灯灯').subarray(0, -1)))).rejects.toMatchObject({ rule: 'tables.encoding', line: 2 });
  });
});

test('ids are seen once each, however many there are and whatever they look like', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 60 }), (ids) => {
    const [seen, known] = [new SeenIds(), new Set<string>()];
    return ids.every((id) => seen.add(id) === (known.has(id) ? false : (known.add(id), true)));
  }));
  const seen = new SeenIds();
  for (let at = 0; at < 60_000; at++) if (!seen.add(`AJ2024${at}`)) throw new Error(`AJ2024${at} is taken for another`);
  for (let at = 0; at < 60_000; at += 7) if (seen.add(`AJ2024${at}`)) throw new Error(`AJ2024${at} is not known again`);
});
