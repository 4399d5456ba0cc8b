import { exportFaults, type ImportView } from '../../../../../modules/history/contract.ts';
import { addressOf } from '../../../../shared/client.ts';
import { useLanguage } from '../../../../shared/language.tsx';
import { Chip } from '../../../../ui/status.tsx';
import { useHistorySay } from './texts.ts';

/** Lines that are named of each kind of problem; the file has all of them. */
const named = 6;

/** What the check of a file found: counts, every kind of problem with what to do, and the list of every such row. */
export const Findings = ({ one }: { readonly one: ImportView }) => {
  const say = useHistorySay();
  const { language } = useLanguage();
  const report = one.report!;
  return (
    <section className="history-step" aria-labelledby="history-found">
      <h2 id="history-found">{say('step.check')}</h2>
      <p>{say('found', { rows: one.rows, right: one.rows - one.refused, known: one.known, refused: one.refused, open: report.open })} {say('found.as', { encoding: report.encoding.toUpperCase() })}</p>
      {report.ignored.length > 0 && <p className="dim">{say('found.ignored', { columns: report.ignored.join('、') })}</p>}
      {report.problems.length === 0 ? <div className="note note-done"><p>{say('found.clean')}</p></div> : <>
        <ul className="history-problems" aria-label={say('problems')}>
          {report.problems.map((row) => (
            <li key={`${row.rule} ${row.field}`}>
              <p className="history-problem"><Chip tone={row.level === 'refused' ? 'late' : 'wait'}>{say(`level.${row.level}`)}</Chip><b>{row.column}</b><span className="dim">{say('problem.rows', { count: row.count })}</span></p>
              <p>{row.words} <span className="dim">{say('problem.lines', { lines: row.lines.slice(0, named).map(({ line }) => line).join(language === 'en' ? ', ' : '、') })}{row.lines.length > named ? ' …' : ''}</span></p>
              <p className="dim">{row.advice}</p>
            </li>
          ))}
        </ul>
        {one.faults && <p className="cell-actions">{say('faults')}
          {(['csv', 'xlsx'] as const).map((format) => <a key={format} className="btn btn-small" download="" href={addressOf(exportFaults, { id: one.id }, { format, lang: language })}>{say(`faults.${format}`)}</a>)}
        </p>}
      </>}
    </section>
  );
};
