import { useState } from 'react';
import { copyVersion, listRowChanges, listVersions, restoreVersion, withdrawVersion } from '../../../../modules/catalogue/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useSettingsSay } from '../../settings/texts.ts';
import { RowChanges } from './row-changes.tsx';

export type TableVersion = ResponseOf<typeof listVersions>['items'][number];

interface Props {
  readonly versions: readonly TableVersion[];
  readonly edits: boolean;
  readonly changed: () => void;
}

/** What a version changed over another, row by row, with the way back and the withdrawal. */
const OneVersion = ({ row, versions, edits, changed }: Props & { readonly row: TableVersion }) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const before = versions.find(({ version }) => version < row.version)?.version ?? 0;
  const [against, setAgainst] = useState(before);
  const [asking, setAsking] = useState<'copy' | 'withdraw' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = usePaged(`${language} ${row.version} ${against}`, (after, signal) => call(listRowChanges, { params: { version: row.version }, query: { against, limit: 20, ...(after && { after }) }, signal }));
  const work = async (what: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await what();
      setAsking(null);
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <div className="version-body">
      <div className="field"><label htmlFor={`against-${row.version}`}>{say('table.against')}</label>
        <select id={`against-${row.version}`} className="field-input" value={against} onChange={(event) => setAgainst(Number(event.currentTarget.value))}>
          {versions.filter(({ version }) => version !== row.version).map((each) => <option key={each.version} value={each.version}>{say('versions.number', { version: each.version })} {each.name}</option>)}
          <option value={0}>{say('table.against.none')}</option>
        </select>
      </div>
      <Await resource={list} lines={3}>
        {(data) => (
          <>
            <p className="dim">{say('table.total', { count: data.total })}</p>
            <RowChanges changes={data.items} />
            {data.next && <p><button type="button" className="btn btn-small" onClick={list.more}>{say('table.more')}</button></p>}
          </>
        )}
      </Await>
      {problem && <Failed problem={problem} />}
      {edits && asking === null && (
        <p className="form-actions">
          {!row.current && <button type="button" className="btn btn-small" onClick={() => setAsking('copy')}>{say('versions.back', { version: row.version })}</button>}
          {row.withdrawnAt === null ? <button type="button" className="btn btn-small" onClick={() => setAsking('withdraw')}>{say('table.withdraw')}</button>
            : <button type="button" className="btn btn-small" onClick={() => void work(() => call(restoreVersion, { params: { version: row.version }, body: {} }))}>{say('table.restore')}</button>}
        </p>
      )}
      {asking && (
        <div className="note" role="group" aria-label={say(asking === 'copy' ? 'versions.back' : 'table.withdraw', { version: row.version })}>
          <p>{say(asking === 'copy' ? 'table.copy.words' : 'table.withdraw.words', { version: row.version, open: row.open })}</p>
          <p className="form-actions">
            <button type="button" className="btn btn-primary btn-small" onClick={() => void work(() => (asking === 'copy' ? call(copyVersion, { params: { version: row.version }, body: {} }) : call(withdrawVersion, { params: { version: row.version }, body: {} })))}>{say(asking === 'copy' ? 'versions.back.do' : 'table.withdraw.do')}</button>
            <button type="button" className="btn btn-small" onClick={() => setAsking(null)}>{say('form.cancel')}</button>
          </p>
        </div>
      )}
    </div>
  );
};

/** The versions of the code table: who made each, from when it counts, how many open cases stand under it. */
export const TableVersions = (props: Props) => {
  const say = useSettingsSay();
  const { moment, day } = useTimeWords();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section className="versions" aria-labelledby="table-versions">
      <h2 id="table-versions">{say('versions.title')}</h2>
      {props.versions.length === 0 && <p className="note note-gap">{say('rules.versions.none')}</p>}
      <ol className="version-list">
        {props.versions.map((row) => (
          <li key={row.version} data-current={row.current || undefined}>
            <button type="button" className="version-head" aria-expanded={open === row.version} onClick={() => setOpen(open === row.version ? null : row.version)}>
              <b>{say('versions.number', { version: row.version })}</b>
              {row.current && <Chip tone="done">{say('versions.current')}</Chip>}{row.withdrawnAt !== null && <Chip tone="plain">{say('table.withdrawn')}</Chip>}
              <span className="dim">{row.name}</span>
              <span className="dim">{row.author ?? say('rules.system')} · {moment(row.importedAt)} · {Date.parse(row.effectiveAt) === 0 ? say('table.always') : say('table.from', { day: day(row.effectiveAt) })}</span>
              <span className="dim">{say('table.open', { count: row.open })}</span>
            </button>
            {open === row.version && <OneVersion {...props} row={row} />}
          </li>
        ))}
      </ol>
    </section>
  );
};
