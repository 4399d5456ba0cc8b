import { useId, useState } from 'react';
import { listMatters } from '../../../modules/matters/contract.ts';
import { listHandovers, type HandoverView } from '../../../modules/rounds/contract/handover.ts';
import { call, Problem } from '../../shared/client.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Await, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Age } from '../phone/age.tsx';
import { useKept } from '../phone/answers.ts';
import { send } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';

/** One hand-over, and for whoever is to take it, confirming. */
const Card = ({ item, done }: { readonly item: HandoverView; readonly done: () => void }) => {
  const say = useSay();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [kept, setKept] = useState(false);
  const confirm = async (): Promise<void> => {
    try {
      await send({ account: session.id, title: item.from.name ?? '', label: say('handover.confirm'), target: 'confirm', thread: item.id, matter: null, basis: null, action: 'confirm', input: {} });
      setKept(true);
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <li className="block">
      <p className="strong">{item.from.name} → {item.to.name}</p>
      <p className="dim">{moment(item.at)} · {item.placeNames.slice(-1).join('')}</p>
      <p><Chip tone={item.confirmedAt ? 'done' : 'wait'}>{say(item.confirmedAt ? 'handover.confirmed' : 'handover.open')}</Chip></p>
      {item.remarks && <p className="task-words">{item.remarks}</p>}
      {item.open.length > 0 && <details className="fold"><summary>{say('handover.matters', { count: item.open.length })}</summary><ul>{item.open.map((matter) => <li key={matter.id}>{matter.title} · {matter.state}</li>)}</ul></details>}
      {problem && <Failed problem={problem} />}
      {item.mine && !kept && <button type="button" className="btn btn-primary big" onClick={() => void confirm()}>{say('handover.confirm')}</button>}
    </li>
  );
};

/** Handing a shift over: what is open goes along, with remarks, to whoever confirms it. */
export const Handover = () => {
  const say = useSay();
  const id = useId();
  const { session } = useSession();
  const mine = useKept('list mine', (signal) => call(listMatters, { query: { box: 'mine', limit: 100 }, signal }));
  const list = useKept('handovers', (signal) => call(listHandovers, { signal }), (news) => news.kind === 'handover');
  const [to, setTo] = useState('');
  const [remarks, setRemarks] = useState('');
  const [said, setSaid] = useState<boolean | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = mine.data?.value.items ?? [];
  const give = async (name: string): Promise<void> => {
    if (to === '') return;
    setProblem(null);
    try {
      const sent = await send({
        account: session.id, title: name, label: say('handover.give'), target: 'handover', thread: null, matter: null, basis: null, action: 'handover',
        input: { to, matters: open.map((item) => item.id), ...(remarks.trim() && { remarks: remarks.trim() }) },
      });
      setSaid(sent === 'waiting');
      setRemarks('');
      list.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <>
      <div className="page-head"><h1>{say('handover.title')}</h1></div>
      {said !== null && <p className={`note ${said ? 'note-wait' : 'note-done'}`} role="status">{say(said ? 'handover.kept' : 'handover.done')}</p>}
      <Await resource={list} lines={5}>
        {({ value, keptAt }) => (
          <>
            <Age at={keptAt} />
            <form className="block" onSubmit={(event) => { event.preventDefault(); void give(value.colleagues.find((one) => one.id === to)?.name ?? ''); }}>
              <p>{say('handover.goes', { count: open.length })}</p>
              <div className="field"><label htmlFor={`${id}-to`}>{say('handover.to')}</label><select id={`${id}-to`} required value={to} onChange={(event) => setTo(event.currentTarget.value)}><option value="">{say('handover.choose')}</option>{value.colleagues.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></div>
              <div className="field"><label htmlFor={`${id}-remarks`}>{say('handover.remarks')}</label><textarea id={`${id}-remarks`} rows={3} maxLength={1000} value={remarks} onChange={(event) => setRemarks(event.currentTarget.value)} /></div>
              {problem && <Failed problem={problem} />}
              <button type="submit" className="btn btn-primary big">{say('handover.give')}</button>
            </form>
            <ul className="task-list">{value.items.map((item) => <Card key={item.id} item={item} done={list.reload} />)}</ul>
          </>
        )}
      </Await>
    </>
  );
};
