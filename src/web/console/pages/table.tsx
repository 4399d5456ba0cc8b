import type { ReactNode } from 'react';
import type { Resource } from '../../shared/resource.ts';
import type { Page as ListPage } from '../../shared/paged.ts';
import { Await, Empty } from '../../ui/states.tsx';
import { useSay } from '../texts.ts';

/** A page beside the inbox: its title, what narrows it, and its content. */
export const PageFrame = ({ title, tools, children }: { readonly title: string; readonly tools?: ReactNode; readonly children: ReactNode }) => (
  <div className="page">
    <header className="page-head"><h1>{title}</h1>{tools && <div className="page-tools">{tools}</div>}</header>
    {children}
  </div>
);

/** One column of a table: its heading and what a row shows in it. */
export interface Column<T> {
  readonly key: string;
  readonly label: string;
  readonly cell: (row: T) => ReactNode;
  readonly narrow?: boolean;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly chosen?: string | null;
}

/** Rows under headings; a wide one scrolls in its own frame, by keyboard too. */
export const Table = <T,>({ label, columns, rows, keyOf, chosen = null }: Props<T>) => (
  <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
    <table className="table">
      <thead><tr>{columns.map((column) => <th key={column.key} scope="col" className={column.narrow ? 'narrow' : ''}>{column.label}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <tr key={keyOf(row)} data-chosen={chosen === keyOf(row) || undefined}>{columns.map((column) => <td key={column.key} className={column.narrow ? 'narrow' : ''}>{column.cell(row)}</td>)}</tr>)}</tbody>
    </table>
  </div>
);

interface ListProps<T> extends Omit<Props<T>, 'rows'> {
  readonly resource: Resource<ListPage<T>> & { readonly more?: () => void };
  readonly none?: { readonly title: string; readonly words: string };
}

/** A table of a list with its four states: being read, failed, empty, and there, with a way to see more. */
export const ListTable = <T,>({ resource, none, ...table }: ListProps<T>) => {
  const say = useSay();
  return (
    <Await resource={resource} lines={10}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty title={none?.title ?? say('list.none')}>{none?.words ?? say('list.none.words')}</Empty>
        ) : (
          <>
            <Table {...table} rows={items} />
            <p className="rows-end">{next && resource.more ? <button type="button" className="btn" onClick={resource.more}>{say('list.more')}</button> : <span className="dim">{say('list.end', { count: items.length })}</span>}</p>
          </>
        )
      }
    </Await>
  );
};

/** Links that choose one of a few views of a page. */
export const Views = <V extends string>({ label, views, value, choose }: { readonly label: string; readonly views: readonly { readonly id: V; readonly label: string }[]; readonly value: V; readonly choose: (view: V) => void }) => (
  <div className="views" role="group" aria-label={label}>
    {views.map((view) => <button key={view.id} type="button" aria-pressed={view.id === value} onClick={() => choose(view.id)}>{view.label}</button>)}
  </div>
);
