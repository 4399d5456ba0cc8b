import type { Actor } from '../../../../base/actor.ts';
import type { Language } from '../../../../base/text/language.ts';
import { refuse, type Result } from '../../../../base/result.ts';
import type { Cell, WrittenFormat, WrittenTable } from '../../../../platform/tables/written.ts';
import type { World } from '../../../../platform/world.ts';
import { tracedPages, type Scope } from '../../../identity/index.ts';
import { holds } from '../../../identity/rules.ts';
import type { Ledger } from '../../../ledger/index.ts';
import { listMatters, type Listed, type ListQuery } from '../../reads/list.ts';
import { clockLabel, kernelText, kindLabel } from '../labels.ts';
import { itemOf, type Viewing } from '../view.ts';
import { listQuery, type ListAsk } from './asked.ts';

export type ExportAsk = Omit<ListAsk, 'after' | 'limit'> & { readonly format: WrittenFormat };

/** A list as a table, and the name of the file that it is kept under. */
export interface ExportedList {
  readonly table: WrittenTable;
  readonly file: string;
}

interface Sources {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly viewing: Viewing;
  scope(actor: Actor): Scope;
}

/** Rows that are read together: what an export holds in memory. */
const pageRows = 1_000;

const columnNames = ['number', 'kind', 'title', 'state', 'code', 'place', 'component', 'unit', 'handler', 'clock', 'due', 'late', 'created', 'updated'] as const;

/**
 * Exports lists. What is asked for is read as the list is, page by page and by the same right, which is looked at anew for each
 * page. Traced by `tracedPages`.
 */
export const createExport = ({ world, ledger, viewing, scope }: Sources) =>
  async (actor: Actor, { format, ...ask }: ExportAsk, language: Language): Promise<Result<ExportedList>> => {
    const now = world.now();
    const county = ask.county ?? actor.grants[0]?.county;
    const grant = actor.grants.find((one) => one.county === county && holds(one, now));
    if (county === undefined || !grant) return refuse(403, 'matters.no-county');
    const query = listQuery({ ...ask, limit: pageRows }, county, actor, scope(actor), viewing.kinds, now);
    if ('refused' in query) return query;
    const calendar = viewing.calendars.of(county);
    const rowOf = async (listed: Listed): Promise<readonly Cell[]> => {
      const item = await itemOf(viewing, listed, language);
      const { matter, dueAt } = listed;
      return [
        item.number, kindLabel(item.kind, language), item.title, item.stateLabel, item.code?.name ?? null, item.place?.names.join(' · ') ?? null,
        item.component && `${item.component.name} ${item.component.id}`, item.leadUnit?.name ?? null, item.handler?.name ?? null,
        item.clock ? clockLabel(item.kind, item.clock.name, language) : null,
        dueAt === null ? null : { at: dueAt }, dueAt === null ? null : kernelText(dueAt <= now ? 'export.yes' : 'export.no', language),
        { at: matter.createdAt }, { at: matter.updatedAt },
      ];
    };
    async function* pages(asked: ListQuery): AsyncGenerator<readonly Listed[]> {
      for (let page = asked; ;) {
        const found = await listMatters(world.db, page);
        if (found.length > 0) yield found;
        const last = found.at(-1);
        if (last === undefined || found.length < pageRows) return;
        const key = asked.order === 'due' ? (last.dueAt === null ? 'infinity' : new Date(last.dueAt).toISOString()) : new Date(last.matter.createdAt).toISOString();
        // A grant may end while a long list is on its way.
        page = { ...asked, scope: scope(actor), after: { key, id: last.matter.id } };
      }
    }
    async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
      for await (const found of tracedPages({ world, ledger }, { county: county!, kind: 'matters', actor, grant: grant!, format, filter: ask }, pages(query as ListQuery)))
        yield await Promise.all(found.map(rowOf));
    }
    const day = new Date(now + calendar.offsetMinutes * 60_000).toISOString().slice(0, 16).replace(/[-:]/gu, '').replace('T', '-');
    return {
      table: { columns: columnNames.map((name) => kernelText(`export.${name}`, language)), batches: batches(), offsetMinutes: calendar.offsetMinutes },
      file: `${kernelText(`export.file.${ask.box ?? 'all'}`, language)}-${day}.${format}`,
    };
  };
