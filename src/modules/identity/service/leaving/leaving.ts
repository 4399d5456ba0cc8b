import type { FastifyReply } from 'fastify';
import { isRefusal, type Result } from '../../../../base/result.ts';
import { sendDownload } from '../../../../platform/http/download.ts';
import { tableTypes, writeTable, type Cell, type WrittenFormat } from '../../../../platform/tables/written.ts';
import type { Needs } from '../needs.ts';
import { tracedPages, type Taken } from './taken.ts';

/** A list on its way out. */
export interface Leaving<T> extends Taken {
  readonly format: WrittenFormat;
  /** Name of the file, without its ending. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rowOf: (item: T) => readonly Cell[];
  /** Minutes that the times of the file are ahead of UTC; 0 where it has none. */
  readonly offsetMinutes?: number;
}

/** A page of a list; `next` is null at the end. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The first page and all after it. A refusal on the way breaks the file off, which its reader sees: nothing is passed off as whole. */
export async function* allPages<T>(first: ListPage<T>, read: (after: string) => Promise<Result<ListPage<T>>>): AsyncGenerator<readonly T[]> {
  for (let page = first; ;) {
    if (page.items.length > 0) yield page.items;
    if (page.next === null) return;
    const after = await read(page.next);
    if (isRefusal(after)) throw new Error(`a list was refused while it was exported: ${after.reason}`);
    page = after;
  }
}

/** Rows that a list which is whole in memory is written in at a time. */
const rowsAtOnce = 1_000;

/** A list that is whole in memory, in parts: its reader is written to while the rest waits. */
export async function* inParts<T>(list: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < list.length; from += rowsAtOnce) yield list.slice(from, from + rowsAtOnce);
}

/** Sends a list as a file, as it comes, and traces it; the route then answers undefined. */
export const sendList = <T>(needs: Pick<Needs, 'world' | 'ledger'>, reply: FastifyReply, { file, columns, rowOf, offsetMinutes = 0, ...taken }: Leaving<T>, pages: AsyncIterable<readonly T[]>): undefined => {
  async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for await (const items of tracedPages(needs, taken, pages)) yield items.map(rowOf);
  }
  sendDownload(reply, { type: tableTypes[taken.format], file: `${file}.${taken.format}` }, writeTable(taken.format, { columns, batches: batches(), offsetMinutes }));
  return undefined;
};
