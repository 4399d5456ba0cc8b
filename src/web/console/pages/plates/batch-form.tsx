import { useState, type FormEvent } from 'react';
import { listClasses } from '../../../../modules/components/contract/components.ts';
import { listSheets, makePlateBatch } from '../../../../modules/components/contract/plates.ts';
import { batchAtMost, plateKinds, type PlateKind } from '../../../../modules/components/rules/plate-states.ts';
import type { BodyOf, ResponseOf } from '../../../../base/route.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { useSources } from '../../sources.ts';
import { usePlatesSay } from './texts.ts';

type Order = BodyOf<typeof makePlateBatch>;
type Count = ResponseOf<typeof makePlateBatch>;

interface Props {
  /** Components that were picked in the list; none where the form chooses. */
  readonly picked?: readonly string[];
  readonly done: (made: Count) => void;
  readonly cancel: () => void;
}

/** Orders a batch: for what, on which paper; how many it would be is said before anything is made. */
export const BatchForm = ({ picked = [], done, cancel }: Props) => {
  const say = usePlatesSay();
  const { language } = useLanguage();
  const sources = useSources();
  const classes = useResource(`${language} classes`, (signal) => call(listClasses, { query: {}, signal }));
  const sheets = useResource(`${language} sheets`, (signal) => call(listSheets, { query: {}, signal }));
  // One operation for one form: pressed twice, a batch is made once.
  const [op] = useState(newOp);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<PlateKind>('component');
  const [place, setPlace] = useState<Choice | null>(null);
  const [road, setRoad] = useState('');
  const [of, setOf] = useState('');
  const [words, setWords] = useState('');
  const [count, setCount] = useState(42);
  const [sheet, setSheet] = useState('');
  const [seen, setSeen] = useState<Count | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fresh = (): void => { setSeen(null); setProblem(null); setWrong(false); };
  const paper = sheet || (sheets.data?.items.find(({ key }) => key === 'a4-3x7') ?? sheets.data?.items[0])?.key || '';
  const order = (): Order => ({
    op, name: name.trim(), sheet: paper, kind,
    ...(kind === 'blank' ? { count } : picked.length > 0 ? { codes: [...picked] } : {
      filter: { ...(place && { place: place.id }), ...(words.trim() && { q: words.trim() }), ...(kind === 'component' && { ...(road.trim() && { road: road.trim() }), ...(of && { class: of }) }) },
    }),
  });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (name.trim() === '' || (kind === 'blank' && !(count >= 1 && count <= batchAtMost))) return setWrong(true);
    setBusy(true);
    setProblem(null);
    try {
      if (seen) done(await call(makePlateBatch, { body: order() }));
      else setSeen(await call(makePlateBatch, { body: { ...order(), dryRun: true } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form rule-form" noValidate aria-label={say('batch.new')} onSubmit={(event) => void send(event)}>
      <h2>{say('batch.new')}</h2>
      <div className="field"><label htmlFor="batch-name">{say('batch.name')}</label><input id="batch-name" className="field-input" maxLength={60} value={name} aria-invalid={(wrong && name.trim() === '') || undefined} placeholder={say('batch.name.hint')} onChange={(event) => { setName(event.currentTarget.value); setWrong(false); }} /></div>
      {picked.length > 0 ? <p className="note">{say('batch.picked', { count: picked.length })}</p> : (
        <>
          <div className="field"><label htmlFor="batch-kind">{say('batch.kind')}</label><select id="batch-kind" className="field-input" value={kind} onChange={(event) => { setKind(event.currentTarget.value as PlateKind); fresh(); }}>{plateKinds.map((each) => <option key={each} value={each}>{say(`kind.${each}`)}</option>)}</select></div>
          {kind === 'blank' ? (
            <div className="field"><label htmlFor="batch-count">{say('batch.count')}</label><input id="batch-count" className="field-input setting-number" type="number" min={1} max={batchAtMost} value={count} aria-invalid={(wrong && !(count >= 1 && count <= batchAtMost)) || undefined} onChange={(event) => { setCount(event.currentTarget.valueAsNumber); fresh(); }} /></div>
          ) : (
            <>
              {sources.place && <Picker label={say('batch.place')} lookup={sources.place} value={place} onChange={(choice) => { setPlace(choice); fresh(); }} />}
              {kind === 'component' && <>
                <div className="field"><label htmlFor="batch-road">{say('batch.road')}</label><input id="batch-road" className="field-input" maxLength={40} value={road} onChange={(event) => { setRoad(event.currentTarget.value); fresh(); }} /></div>
                <div className="field"><label htmlFor="batch-class">{say('batch.class')}</label><select id="batch-class" className="field-input" value={of} onChange={(event) => { setOf(event.currentTarget.value); fresh(); }}><option value="">{say('batch.class.all')}</option>{(classes.data?.classes ?? []).filter(({ all }) => all > 0).map((each) => <option key={each.code} value={each.code}>{each.name} · {each.all}</option>)}</select></div>
              </>}
              <div className="field"><label htmlFor="batch-words">{say('batch.words')}</label><input id="batch-words" className="field-input" maxLength={60} value={words} onChange={(event) => { setWords(event.currentTarget.value); fresh(); }} /></div>
            </>
          )}
        </>
      )}
      <div className="field"><label htmlFor="batch-sheet">{say('batch.sheet')}</label><select id="batch-sheet" className="field-input" value={paper} onChange={(event) => { setSheet(event.currentTarget.value); fresh(); }}>{(sheets.data?.items ?? []).map((each) => <option key={each.key} value={each.key}>{each.name}</option>)}</select></div>
      {seen && <p className={`note ${seen.fresh === 0 || seen.fresh > batchAtMost ? 'note-wait' : 'note-done'}`} role="status">{say(seen.fresh === 0 ? 'batch.seen.none' : seen.fresh > batchAtMost ? 'batch.seen.many' : 'batch.seen', { chosen: seen.chosen, fresh: seen.fresh, have: seen.have, paper: seen.paper, most: batchAtMost })}</p>}
      {wrong && <p className="field-error" role="alert">{say('batch.incomplete')}</p>}
      {problem && <Failed problem={problem} />}
      <p className="form-actions">
        <button type="submit" className="btn btn-primary" aria-disabled={busy || (seen !== null && (seen.fresh === 0 || seen.fresh > batchAtMost))}>{say(seen ? 'batch.make' : 'batch.look')}</button>
        <button type="button" className="btn" onClick={cancel}>{say('cancel')}</button>
      </p>
    </form>
  );
};
