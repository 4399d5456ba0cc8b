import { useCallback, useEffect, useRef, useState } from 'react';
import { bulkAtMost, exportMatters, listMatters, type MatterItem } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { readPages } from '../../shared/paged.ts';
import { useResource } from '../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../shared/router.ts';
import { Await, Empty } from '../../ui/states.tsx';
import { useKeys } from '../keyboard.ts';
import { MatterPane } from '../matter/matter-pane.tsx';
import { useSay } from '../texts.ts';
import { boxes } from './boxes.ts';
import { BulkPane } from './bulk.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { FilterBar, filterNames, type Filters } from './filters.tsx';
import { InboxRow } from './row.tsx';

/** Rows of one page. */
const pageSize = 40;

interface Loaded {
  readonly items: readonly MatterItem[];
  readonly next: string | null;
  readonly counts: { readonly all: number; readonly warn: number; readonly late: number; readonly capped: boolean };
}

/** What waits, in boxes and filters, beside the matter that is open. */
export const Inbox = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { path, query } = usePlace();
  const open = path[1] ?? null;
  const box = boxes.find((each) => each === query.get('box')) ?? 'todo';
  const filters: Filters = Object.fromEntries(filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
  const pages = Math.max(1, Number(query.get('pages')) || 1);
  const asked: Record<string, string> = { box, ...filters };
  const list = useResource(`${language} ${JSON.stringify(asked)} ${pages}`, (signal): Promise<Loaded> => readPages<Loaded>((after) => call(listMatters, { query: { ...asked, limit: pageSize, ...(after && { after }) }, signal }), pages), (news) => news.subject === 'matter');
  const show = useCallback((id: string | null, change: Readonly<Record<string, string | undefined>> = {}) =>
    go(id ? ['inbox', id] : ['inbox'], { box, ...filters, pages: pages > 1 ? String(pages) : undefined, ...change }), [box, filters, pages]);
  const column = useRef<HTMLElement>(null);
  const last = useRef<Loaded | null>(null);
  if (list.data) last.current = list.data;
  const items = list.data?.items ?? [];
  const at = items.findIndex((item) => item.id === open);
  const move = (step: number): void => {
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))];
    if (next) show(next.id);
  };
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  const turn = (id: string): void => setSelected((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  /** All of the list as it is filtered, beyond what is shown, up to what one bulk may touch. */
  const selectAll = async (): Promise<void> => {
    const whole = await readPages<Loaded>((after) => call(listMatters, { query: { ...asked, limit: 100, ...(after && { after }) } }), bulkAtMost / 100);
    setSelected(new Set(whole.items.slice(0, bulkAtMost).map(({ id }) => id)));
  };
  useKeys({ x: () => setSelected(selected ? null : new Set()), j: () => move(1), k: () => move(-1), w: () => column.current?.querySelector<HTMLElement>('.row-link[aria-current=true] ~ [data-why], [data-why]')?.click(), enter: () => document.getElementById('matter-title')?.focus() });
  useEffect(() => { column.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' }); }, [open]);
  const counts = (list.data ?? last.current)?.counts;
  const countLink = (due: 'late' | 'warn' | undefined, label: string, tone: string) => (
    <a className={`count ${tone}`} href={hrefOf(open ? ['inbox', open] : ['inbox'], { box, ...filters, due })} {...(filters.due === due && { 'aria-current': 'true' as const })}>{label}</a>
  );
  const capped = (count: number): string => (counts?.capped && count >= 1000 ? say('inbox.capped', { count: 1000 }) : String(count));
  return (
    <div className="columns" data-open={open !== null || selected !== null || undefined} data-bulk={selected !== null || undefined}>
      <section className="column inbox" ref={column} aria-label={say('inbox.title')}>
        <div className="inbox-head">
          <nav className="boxes" aria-label={say('box.label')}>
            {boxes.map((each) => <a key={each} href={hrefOf(open ? ['inbox', open] : ['inbox'], { box: each })} {...(each === box && { 'aria-current': 'page' as const })}>{say(`box.${each}`)}</a>)}
          </nav>
          <div className="counts">
            {counts && countLink(undefined, say('inbox.count.all', { count: capped(counts.all) }), '')}
            {counts && box !== 'ended' && countLink('warn', say('inbox.count.warn', { count: capped(counts.warn) }), counts.warn > 0 ? 'warn-words' : '')}
            {counts && box !== 'ended' && countLink('late', say('inbox.count.late', { count: capped(counts.late) }), counts.late > 0 ? 'late-words' : '')}
          </div>
          <FilterBar box={box} filters={filters} tools={<><ExportMenu route={exportMatters} asked={asked} /><button type="button" className="btn btn-small btn-quiet" aria-pressed={selected !== null} aria-keyshortcuts="x" onClick={() => setSelected(selected ? null : new Set())}>{say('bulk.open')}</button></>} apply={(next, nextBox) => go(open ? ['inbox', open] : ['inbox'], { box: nextBox ?? box, ...next })} />
        </div>
        {selected && (
          <p className="bulk-line">
            <span role="status">{say('bulk.selected', { count: selected.size })}</span>
            <button type="button" className="btn btn-small" onClick={() => void selectAll()}>{say('bulk.all', { most: bulkAtMost })}</button>
            {selected.size > 0 && <button type="button" className="btn btn-small btn-quiet" onClick={() => setSelected(new Set())}>{say('bulk.clear')}</button>}
          </p>
        )}
        <Await resource={list} lines={12}>
          {({ items: rows, next }) =>
            rows.length === 0 ? (
              <Empty title={say(box === 'todo' && Object.keys(filters).length === 0 ? 'inbox.empty.todo' : 'inbox.empty.other')}>{say(box === 'todo' && Object.keys(filters).length === 0 ? 'inbox.empty.todo.words' : 'inbox.empty.other.words')}</Empty>
            ) : (
              <>
                <ul className="rows">{rows.map((item) => <InboxRow key={item.id} item={item} open={item.id === open} href={hrefOf(['inbox', item.id], { box, ...filters, pages: pages > 1 ? String(pages) : undefined })} {...(selected && { pick: { picked: selected.has(item.id), turn: () => turn(item.id), label: say('bulk.pick', { number: item.number, title: item.title }) } })} />)}</ul>
                <p className="rows-end">
                  {next ? <button type="button" className="btn" onClick={() => show(open, { pages: String(pages + 1) })}>{say('inbox.more')}</button> : <span className="dim">{say('inbox.end', { count: rows.length })}</span>}
                </p>
              </>
            )
          }
        </Await>
        <p className="inbox-keys" aria-hidden="true">{say('inbox.keys')}</p>
      </section>
      {selected ? <BulkPane selected={selected} close={() => setSelected(null)} /> : open ? <MatterPane key={open} id={open} back={hrefOf(['inbox'], { box, ...filters })} /> : <section className="column pick"><Empty title={say('matter.pick')}>{say('matter.pick.words')}</Empty></section>}
    </div>
  );
};
