import { useState, type FormEvent } from 'react';
import { listClasses } from '../../../../modules/components/contract/components.ts';
import { planRoute, type RouteView } from '../../../../modules/rounds/contract/patrol.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { Picker, type Choice } from '../../../ui/forms/picker.tsx';
import { Failed } from '../../../ui/states.tsx';
import { useSources } from '../../sources.ts';
import { useRoundsSay } from './texts.ts';

interface Collection { readonly type: 'FeatureCollection'; readonly features: readonly unknown[] }

/** A GeoJSON FeatureCollection out of a file; null for what is none. */
const collectionOf = async (file: File): Promise<Collection | null> => {
  try {
    const read = JSON.parse(await file.text()) as Partial<Collection> | null;
    return read?.type === 'FeatureCollection' && Array.isArray(read.features) ? { type: read.type, features: read.features } : null;
  } catch {
    return null;
  }
};

/** Plans a route: a name, a grid, how often, and which points. */
export const RouteForm = ({ done, cancel }: { readonly done: (route: RouteView) => void; readonly cancel: () => void }) => {
  const say = useRoundsSay();
  const { language } = useLanguage();
  const sources = useSources();
  const classes = useResource(`${language} classes`, (signal) => call(listClasses, { query: {}, signal }));
  // One operation for one form: pressed twice, a route is planned once.
  const [op] = useState(newOp);
  const [name, setName] = useState('');
  const [place, setPlace] = useState<Choice | null>(null);
  const [days, setDays] = useState(7);
  const [what, setWhat] = useState('all');
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setProblem(null);
    if (name.trim() === '' || !place) return setWrong(say('plan.incomplete'));
    const geojson = what === 'file' ? file && (await collectionOf(file)) : undefined;
    if (geojson === null) return setWrong(say('plan.file.wrong'));
    setBusy(true);
    try {
      done(await call(planRoute, { body: { op, name: name.trim(), place: place.id, everyDays: days, ...(geojson ? { geojson: { ...geojson, features: [...geojson.features] } } : { components: what }) } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form rule-form" onSubmit={(event) => void send(event)} onChange={() => setWrong(null)} noValidate aria-label={say('plan')}>
      <div className="field"><label htmlFor="route-name">{say('plan.name')}</label><input id="route-name" className="field-input" maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} /></div>
      <Picker label={say('plan.place')} lookup={sources.place!} value={place} onChange={(choice) => { setWrong(null); setPlace(choice); }} required />
      <div className="field"><label htmlFor="route-days">{say('plan.every')}</label><input id="route-days" className="field-input setting-number" type="number" min={1} max={92} value={days} onChange={(event) => setDays(event.currentTarget.valueAsNumber)} /></div>
      <div className="field"><label htmlFor="route-what">{say('plan.what')}</label>
        <select id="route-what" className="field-input" value={what} onChange={(event) => setWhat(event.currentTarget.value)}>
          <option value="all">{say('plan.what.all')}</option>
          {(classes.data?.classes ?? []).filter(({ all }) => all > 0).map((each) => <option key={each.code} value={each.code}>{each.name}</option>)}
          <option value="file">{say('plan.what.file')}</option>
        </select>
      </div>
      {what === 'file' && <div className="field"><label htmlFor="route-file">{say('plan.file')}</label><input id="route-file" type="file" accept=".geojson,.json,application/geo+json" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} /></div>}
      {wrong && <p className="field-error" role="alert">{wrong}</p>}
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="submit" className="btn btn-primary" aria-disabled={busy}>{say('plan.do')}</button><button type="button" className="btn" onClick={cancel}>{say('plan.cancel')}</button></p>
    </form>
  );
};
