import { useState } from 'react';
import { backChange, listChanges, type ChangedView, type Subject } from '../../../../modules/changes/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { Changes } from '../changes.tsx';
import { useOfficeSay } from '../units/texts.ts';

const Change = ({ change, taken }: { readonly change: ChangedView; readonly taken: () => void }) => {
  const say = useOfficeSay();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Moments as people say them. */
  const timed = (text: string | null): string | null => (text !== null && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u.test(text) ? moment(text) : text);
  const back = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await call(backChange, { params: { seq: change.seq }, body: {} });
      setAsking(false);
      setDone(true);
      taken();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="changed">
      <p><b>{change.title}</b></p>
      <p className="dim">{moment(change.at)} · {change.author}{change.role !== change.author && `（${change.role}）`} · {say('changes.seq', { seq: change.seq })}</p>
      {change.lines.length > 0 && <Changes changes={change.lines.map((line) => ({ ...line, before: timed(line.before), after: timed(line.after) }))} {...(change.kind !== 'settings' && { absent: '—' })} />}
      {done && <p className="note note-done" role="status">{say('changes.back.done')}</p>}
      {change.way.to === 'page' && <p><a href={hrefOf(change.way.page)}>{change.way.words}</a></p>}
      {change.way.to === 'none' && <p className="dim">{change.way.words}</p>}
      {change.way.to === 'here' && may(session, backChange) && !asking && !done && <p><button type="button" className="btn btn-small" onClick={() => setAsking(true)}>{change.way.words}</button></p>}
      {asking && (
        <div className="note" role="group" aria-label={change.way.words}>
          <p>{say('changes.sure')}</p>
          {problem && <Failed problem={problem} />}
          <p className="form-actions"><button type="button" className="btn btn-primary btn-small" disabled={busy} onClick={() => void back()}>{say('changes.back.do')}</button><button type="button" className="btn btn-small" onClick={() => setAsking(false)}>{say('cancel')}</button></p>
        </div>
      )}
    </li>
  );
};

/** What changed, newest first, with author, difference and way back; of one subject, unit or account where given. */
export const ChangedList = ({ subject, unit, account, limit = 20 }: { readonly subject?: Subject | undefined; readonly unit?: string; readonly account?: string; readonly limit?: number }) => {
  const say = useOfficeSay();
  const { language } = useLanguage();
  const list = usePaged(`${language} changed ${subject ?? ''} ${unit ?? ''} ${account ?? ''}`, (after, signal) => call(listChanges, {
    query: { limit, ...(subject && { subject }), ...(unit && { unit }), ...(account && { account }), ...(after !== null && { before: Number(after) }) }, signal,
  }).then(({ items, next }) => ({ items, next: next === null ? null : String(next) })), (news) => news.subject === 'config');
  return (
    <Await resource={list} lines={6}>
      {({ items, next }) => items.length === 0 ? <Empty title={say('changes.none')}>{say('changes.none.words')}</Empty> : (
        <>
          <ul className="changed-list">{items.map((change) => <Change key={change.seq} change={change} taken={list.reload} />)}</ul>
          {next && <p><button type="button" className="btn" onClick={list.more}>{say('changes.more')}</button></p>}
        </>
      )}
    </Await>
  );
};
