import { useState } from 'react';
import { listPlateBatches, makePlateBatch, setPlates, type PlateBatchView } from '../../../../modules/components/contract/plates.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ListTable } from '../table.tsx';
import { BatchForm } from './batch-form.tsx';
import { toneOfPlate } from './tone.ts';
import { usePlatesSay } from './texts.ts';
import './plates.css';

/** Batches, newest first: printed from here, and how far the plates of each are. */
export const Batches = () => {
  const say = usePlatesSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const [ordering, setOrdering] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = usePaged(`${language} batches`, (after, signal) => call(listPlateBatches, { query: { limit: 30, ...(after && { after }) }, signal }), (news) => news.kind === 'plates');
  const makes = may(session, makePlateBatch);
  const printed = async (row: PlateBatchView): Promise<void> => {
    setProblem(null);
    try {
      const { done } = await call(setPlates, { body: { op: newOp(), state: 'printed', batch: row.id } });
      setSaid(say('set.done', { count: done }));
      list.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <div className="stack">
      {makes && !ordering && <p className="form-actions"><button type="button" className="btn btn-primary" onClick={() => { setOrdering(true); setSaid(null); }}>{say('batch.new')}</button></p>}
      {ordering && <BatchForm done={(made) => { setOrdering(false); setSaid(say('batch.made', { count: made.fresh, paper: made.paper })); list.reload(); }} cancel={() => setOrdering(false)} />}
      {said && <p className="note note-done" role="status">{said}</p>}
      {problem && <Failed problem={problem} />}
      <ListTable<PlateBatchView>
        label={say('view.batches')} resource={list} keyOf={({ id }) => id} none={{ title: say('batch.none'), words: say('batch.none.words') }}
        columns={[
          { key: 'name', label: say('batch.name'), cell: (row) => <><a href={hrefOf(['components', 'plates'], { batch: row.id })}><b>{row.name}</b></a><br /><span className="dim">{row.kindLabel} · {say('batch.size', { count: row.plates })}</span></> },
          { key: 'at', label: say('column.at'), narrow: true, cell: (row) => <><time dateTime={row.at}>{moment(row.at)}</time>{row.by !== null && <><br /><span className="dim">{row.by}</span></>}</> },
          { key: 'states', label: say('column.state'), cell: (row) => <span className="plate-states">{row.states.map((each) => <Chip key={each.state} tone={toneOfPlate(each.state)}>{`${each.label} ${each.count}`}</Chip>)}</span> },
          { key: 'sheet', label: say('batch.sheet'), cell: (row) => row.sheetName },
          ...(makes ? [{ key: 'do', label: say('column.do'), narrow: true, cell: (row: PlateBatchView) => (
            <div className="cell-actions">
              <a className="btn btn-small" href={row.sheet} target="_blank" rel="noreferrer">{say('batch.print')}</a>
              {row.states.some(({ state }) => state === 'ordered') && <button type="button" className="btn btn-small" onClick={() => void printed(row)}>{say('batch.printed')}</button>}
            </div>
          ) }] : []),
        ]}
      />
    </div>
  );
};
