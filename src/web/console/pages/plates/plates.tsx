import { useDeferredValue, useState } from 'react';
import { exportPlates, listPlates, readPlateSteps, setPlates, type PlateItem } from '../../../../modules/components/contract/plates.ts';
import { plateMoves, plateStates, type PlateState } from '../../../../modules/components/rules/plate-states.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { pictureAddress, storePicture } from '../../../shared/pictures/pictures.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf, usePlace } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Await, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { useSources } from '../../sources.ts';
import { ListTable } from '../table.tsx';
import { toneOfPlate } from './tone.ts';
import { usePlatesSay } from './texts.ts';
import './plates.css';

/** What became of one plate. */
const Steps = ({ plate }: { readonly plate: string }) => {
  const say = usePlatesSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const steps = useResource(`${language} steps ${plate}`, (signal) => call(readPlateSteps, { params: { plate }, query: {}, signal }), (news) => news.kind === 'plates');
  return (
    <Await resource={steps} lines={2}>
      {({ items }) => items.length === 0 ? <p className="dim">{say('steps.none')}</p> : (
        <ol className="plate-steps">{items.map((step, at) => (
          <li key={at}><Chip tone={toneOfPlate(step.state)}>{step.label}</Chip> <time dateTime={step.at}>{moment(step.at)}</time> {step.by}{step.photo !== null && <> <a href={pictureAddress(step.photo, 1280)} target="_blank" rel="noreferrer">{say('steps.photo')}</a></>}</li>
        ))}</ol>
      )}
    </Await>
  );
};

/** The list of plates: found, put into states, exported. */
export const Plates = () => {
  const say = usePlatesSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const sources = useSources();
  const { query } = usePlace();
  const batch = query.get('batch') ?? '';
  const [typed, setTyped] = useState('');
  const [state, setState] = useState('');
  const [place, setPlace] = useState<Choice | null>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<string, PlateState>>(new Map());
  const [open, setOpen] = useState<string | null>(null);
  const [next, setNext] = useState<PlateState | ''>('');
  const [photo, setPhoto] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<ResponseOf<typeof setPlates> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const words = useDeferredValue(typed.trim());
  const asked = { ...(words && { q: words }), ...(state && { state: state as PlateState }), ...(place && { place: place.id }), ...(batch && { batch }) };
  const list = usePaged(`${language} ${JSON.stringify(asked)}`, (after, signal) => call(listPlates, { query: { limit: 60, ...asked, ...(after && { after }) }, signal }), (news) => news.kind === 'plates');
  const edits = may(session, setPlates);
  const toggle = (row: PlateItem): void => setChosen((before) => {
    const after = new Map(before);
    if (!after.delete(row.plate)) after.set(row.plate, row.state);
    return after;
  });
  // Only what all that were picked may become.
  const ways = plateStates.filter((to) => [...chosen.values()].every((from) => plateMoves[from].includes(to)));
  const put = async (): Promise<void> => {
    if (busy || next === '' || chosen.size === 0) return;
    setBusy(true);
    setProblem(null);
    setAnswer(null);
    try {
      const stored = photo ? (await storePicture(photo)).blob : undefined;
      setAnswer(await call(setPlates, { body: { op: newOp(), state: next, plates: [...chosen.keys()], ...(stored !== undefined && { photo: stored }) } }));
      setChosen(new Map());
      setNext('');
      setPhoto(null);
      list.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <div className="page-tools plate-tools">
        <input className="field-input search" type="search" aria-label={say('search')} placeholder={say('search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <select className="field-input" aria-label={say('column.state')} value={state} onChange={(event) => setState(event.currentTarget.value)}><option value="">{say('state.all')}</option>{plateStates.map((each) => <option key={each} value={each}>{say(`state.${each}`)}</option>)}</select>
        {sources.place && <Picker label={say('batch.place')} lookup={sources.place} value={place} onChange={setPlace} />}
        <ExportMenu route={exportPlates} asked={asked} />
      </div>
      {batch && <p className="note">{say('filter.batch')} <a href={hrefOf(['components', 'plates'])}>{say('filter.all')}</a></p>}
      {edits && chosen.size > 0 && (
        <form className="plate-put" aria-label={say('put')} onSubmit={(event) => { event.preventDefault(); void put(); }}>
          <span className="strong">{say('put.chosen', { count: chosen.size })}</span>
          {ways.length === 0 ? <span className="dim">{say('put.noway')}</span> : <>
            <select className="field-input" aria-label={say('put.state')} value={next} onChange={(event) => setNext(event.currentTarget.value as PlateState | '')}><option value="">{say('put.state')}</option>{ways.map((each) => <option key={each} value={each}>{say(`put.${each}`)}</option>)}</select>
            <label className="btn plate-photo">{photo?.name ?? say('put.photo')}<input type="file" accept="image/*" className="hidden-words" onChange={(event) => setPhoto(event.currentTarget.files?.[0] ?? null)} /></label>
            <button type="submit" className="btn btn-primary" aria-disabled={busy || next === ''}>{say('put.do')}</button>
          </>}
          <button type="button" className="btn" onClick={() => setChosen(new Map())}>{say('cancel')}</button>
          {next !== '' && <p className="field-hint">{say(`put.${next}.effect`)}</p>}
        </form>
      )}
      {answer && <div className={`note ${answer.refused.length > 0 ? 'note-wait' : 'note-done'}`} role="status">
        <p>{say('set.done', { count: answer.done })}{answer.sheet && <> <a href={answer.sheet} target="_blank" rel="noreferrer">{say('set.sheet')}</a></>}</p>
        {answer.refused.length > 0 && <ul>{answer.refused.map((one) => <li key={one.plate}><span className="number">{one.shown}</span> {one.words}</li>)}</ul>}
      </div>}
      {problem && <Failed problem={problem} />}
      <ListTable<PlateItem>
        label={say('view.plates')} resource={list} keyOf={(row) => row.plate} none={{ title: say('none'), words: say('none.words') }}
        columns={[
          ...(edits ? [{ key: 'pick', label: say('pick'), narrow: true, cell: (row: PlateItem) => <input type="checkbox" className="row-check" aria-label={`${say('pick')} ${row.shown}`} checked={chosen.has(row.plate)} onChange={() => toggle(row)} /> }] : []),
          { key: 'plate', label: say('column.plate'), narrow: true, cell: (row) => <><b className="number">{row.shown}</b><br /><a href={row.address} target="_blank" rel="noreferrer" className="dim">{say('scan.try')}</a></> },
          { key: 'name', label: say('column.for'), cell: (row) => <>{row.name}<br /><span className="dim">{row.kindLabel}{row.place !== null && ` · ${row.place}`}</span></> },
          { key: 'state', label: say('column.state'), narrow: true, cell: (row) => <Chip tone={toneOfPlate(row.state)}>{row.stateLabel}</Chip> },
          { key: 'at', label: say('column.at'), narrow: true, cell: (row) => <><time dateTime={row.at}>{moment(row.at)}</time>{row.by !== null && <><br /><span className="dim">{row.by}</span></>}</> },
          { key: 'batch', label: say('column.batch'), cell: (row) => row.batch && <a href={hrefOf(['components', 'plates'], { batch: row.batch.id })}>{row.batch.name}</a> },
          { key: 'steps', label: say('steps'), cell: (row) => <><button type="button" className="btn btn-small btn-quiet" aria-expanded={open === row.plate} onClick={() => setOpen(open === row.plate ? null : row.plate)}>{say(open === row.plate ? 'steps.hide' : 'steps.show')}</button>{open === row.plate && <Steps plate={row.plate} />}</> },
        ]}
      />
    </div>
  );
};
