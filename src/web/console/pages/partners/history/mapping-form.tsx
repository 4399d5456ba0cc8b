import { useId, useState, type FormEvent } from 'react';
import { coordinateSystems } from '../../../../../base/geo/coordinates.ts';
import { saveMapping, type ImportView, type Mapping, type MappingItem } from '../../../../../modules/history/contract.ts';
import { call, Problem } from '../../../../shared/client.ts';
import { Failed } from '../../../../ui/states.tsx';
import { useHistorySay, type HistoryKey } from './texts.ts';

const fields = ['id', 'reportedAt', 'state', 'endedAt', 'code', 'description', 'address', 'place', 'lng', 'lat', 'unit'] as const;
const needed: readonly string[] = ['id', 'reportedAt', 'state'];
const ours = ['open', 'closed', 'declined', 'void'] as const;
const dictionaries = ['codes', 'units', 'places'] as const;

type Pair = readonly [theirs: string, ours: string];
type Columns = readonly { readonly title: string; readonly sample: string }[];

/** As the server compares titles. */
const bare = (title: string): string => title.normalize('NFKC').toLowerCase().replace(/[\s_\-*:/（）()[\]【】"']/gu, '');

const Words = ({ title, hint, pairs, change, choices }: { readonly title: string; readonly hint?: string; readonly pairs: readonly Pair[]; readonly change: (pairs: readonly Pair[]) => void; readonly choices?: readonly { readonly id: string; readonly label: string }[] }) => {
  const say = useHistorySay();
  const set = (at: number, pair: Pair): void => change(pairs.map((one, n) => (n === at ? pair : one)));
  return (
    <fieldset className="history-words">
      <legend>{title}</legend>
      {hint && <p className="field-hint">{hint}</p>}
      {pairs.map(([theirs, mine], at) => (
        <div key={at} className="history-pair">
          <input className="field-input" aria-label={`${title} ${say('map.theirs')}`} value={theirs} maxLength={120} onChange={(event) => set(at, [event.currentTarget.value, mine])} />
          <span aria-hidden="true">→</span>
          {choices
            ? <select className="field-input" aria-label={`${title} ${say('map.ours')}`} value={mine} onChange={(event) => set(at, [theirs, event.currentTarget.value])}><option value="">{say('map.column.none')}</option>{choices.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}</select>
            : <input className="field-input" aria-label={`${title} ${say('map.ours')}`} value={mine} maxLength={60} onChange={(event) => set(at, [theirs, event.currentTarget.value])} />}
          <button type="button" className="btn btn-small btn-quiet" aria-label={`${say('map.remove')} ${theirs}`} onClick={() => change(pairs.filter((_, n) => n !== at))}>{say('map.remove')}</button>
        </div>
      ))}
      <button type="button" className="btn btn-small" onClick={() => change([...pairs, ['', '']])}>{say('map.add')}</button>
    </fieldset>
  );
};

const pairsOf = (words: Readonly<Record<string, string>> | undefined): Pair[] => Object.entries(words ?? {});
const wordsOf = (pairs: readonly Pair[]): Record<string, string> => Object.fromEntries(pairs.map(([theirs, mine]) => [theirs.trim(), mine.trim()] as const).filter(([theirs, mine]) => theirs !== '' && mine !== ''));

/**
 * What the columns and words of a file mean here. Words that the check did not know stand on top, without an answer. What is saved is the next
 * version of a mapping of the county's own; one that ships becomes one of its own.
 */
export const MappingForm = ({ from, taken, columns, problems, saved }: {
  readonly from: MappingItem; readonly taken: readonly MappingItem[]; readonly columns: Columns;
  readonly problems: NonNullable<ImportView['report']>['problems']; readonly saved: (item: MappingItem) => void;
}) => {
  const say = useHistorySay();
  const form = useId();
  const { definition } = from;
  /** Words that the check did not know, before those that the mapping has. */
  const withUnknown = (rule: string, known: Readonly<Record<string, string>> | undefined): Pair[] => [
    ...problems.filter((one) => one.rule === rule).flatMap(({ values }) => values.filter(({ value }) => value !== '' && !(value in (known ?? {}))).slice(0, 40).map(({ value }): Pair => [value, ''])), ...pairsOf(known),
  ];
  const standing = (titles: readonly string[] | undefined): string => columns.find(({ title }) => (titles ?? []).some((one) => bare(one) === bare(title)))?.title ?? '';
  const [name, setName] = useState(from.version === 0 ? `${from.name.slice(0, 34)}-own` : from.name);
  const [title, setTitle] = useState(from.title);
  const [source, setSource] = useState(definition.source);
  const [coordinates, setCoordinates] = useState(definition.coordinates);
  const [dayOrder, setDayOrder] = useState<'' | 'mdy' | 'dmy'>(definition.dayOrder ?? '');
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(fields.map((field) => [field, standing(definition.columns[field])])));
  const [steps, setSteps] = useState<readonly Pair[]>(() => (definition.steps ?? []).map((step): Pair => [step.name, standing(step.titles)]).filter(([, column]) => column !== ''));
  const [states, setStates] = useState<readonly Pair[]>(() => withUnknown('history.state', definition.states));
  const [words, setWords] = useState<Readonly<Record<(typeof dictionaries)[number], readonly Pair[]>>>(() => ({ codes: withUnknown('history.code', definition.codes), units: withUnknown('history.unit', definition.units), places: withUnknown('history.place', definition.places) }));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const titlesOf = (field: string): readonly string[] => definition.columns[field as keyof Mapping['columns']] ?? [];

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const lacking = needed.filter((field) => !chosen[field]);
    setMissing(lacking);
    if (lacking.length > 0) {
      document.getElementById(`${form}${lacking[0]}`)?.focus();
      return;
    }
    const picked = Object.fromEntries(fields.flatMap((field) => (chosen[field] ? [[field, [chosen[field], ...titlesOf(field).filter((one) => one !== chosen[field])].slice(0, 20)]] : []))) as Mapping['columns'];
    const said: Mapping = {
      name: title === from.title ? definition.name : { 'zh-Hans': title, 'zh-Hant': title, en: title }, source, coordinates, columns: picked,
      steps: steps.filter(([what, column]) => what.trim() !== '' && column !== '').map(([what, column]) => ({ name: what.trim(), titles: [column] })),
      states: wordsOf(states) as Mapping['states'], ...Object.fromEntries(dictionaries.map((one) => [one, wordsOf(words[one])])), ...(dayOrder && { dayOrder }),
    };
    try {
      setProblem(null);
      saved(await call(saveMapping, { params: { name }, body: { base: Math.max(0, ...taken.filter((one) => one.name === name).map(({ version }) => version)), definition: said } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const options = <><option value="">{say('map.column.none')}</option>{columns.map((one) => <option key={one.title} value={one.title}>{one.title}</option>)}</>;
  return (
    <form className="history-form" onSubmit={(event) => void save(event)} aria-label={say('map.edit')}>
      <div className="history-grid">
        <div className="field"><label htmlFor={`${form}title`}>{say('map.name')}</label><input id={`${form}title`} required maxLength={60} value={title} onChange={(event) => setTitle(event.currentTarget.value)} /></div>
        <div className="field"><label htmlFor={`${form}name`}>{say('map.id')}</label><input id={`${form}name`} required pattern="[a-z0-9][a-z0-9\-]{1,39}" value={name} onChange={(event) => setName(event.currentTarget.value)} aria-describedby={`${form}nameh`} /><p className="field-hint" id={`${form}nameh`}>{say('map.id.hint')}</p></div>
        <div className="field"><label htmlFor={`${form}source`}>{say('map.source')}</label><input id={`${form}source`} required pattern="[a-z0-9][a-z0-9\-]{1,39}" value={source} onChange={(event) => setSource(event.currentTarget.value)} aria-describedby={`${form}sourceh`} /><p className="field-hint" id={`${form}sourceh`}>{say('map.source.hint')}</p></div>
        <div className="field"><label htmlFor={`${form}crs`}>{say('map.coordinates')}</label><select id={`${form}crs`} value={coordinates} onChange={(event) => setCoordinates(event.currentTarget.value as Mapping['coordinates'])}>{coordinateSystems.map((system) => <option key={system} value={system}>{say(`system.${system}` as HistoryKey)}</option>)}</select></div>
        <div className="field"><label htmlFor={`${form}day`}>{say('map.dayorder')}</label><select id={`${form}day`} value={dayOrder} onChange={(event) => setDayOrder(event.currentTarget.value as typeof dayOrder)}><option value="">{say('map.dayorder.none')}</option><option value="mdy">{say('map.dayorder.mdy')}</option><option value="dmy">{say('map.dayorder.dmy')}</option></select></div>
      </div>
      <fieldset className="history-words">
        <legend>{say('map.columns')}</legend>
        <div className="history-grid">
          {fields.map((field) => {
            const sample = columns.find((one) => one.title === chosen[field])?.sample;
            return (
              <div key={field} className="field">
                <label htmlFor={`${form}${field}`}>{say(`field.${field}`)}{needed.includes(field) && <span className="dim"> · {say('field.required')}</span>}</label>
                <select id={`${form}${field}`} value={chosen[field] ?? ''} aria-invalid={missing.includes(field) || undefined} onChange={(event) => { setChosen({ ...chosen, [field]: event.currentTarget.value }); setMissing(missing.filter((one) => one !== field)); }}>{options}</select>
                {sample && <p className="field-hint">{say('map.example', { value: sample })}</p>}
              </div>
            );
          })}
        </div>
      </fieldset>
      <Words title={say('map.states')} pairs={states} change={setStates} choices={ours.map((id) => ({ id, label: say(`ours.${id}`) }))} />
      {dictionaries.map((one) => <Words key={one} title={say(`map.${one}`)} hint={say(`map.${one}.hint`)} pairs={words[one]} change={(pairs) => setWords({ ...words, [one]: pairs })} />)}
      <Words title={say('map.steps')} pairs={steps} change={setSteps} choices={columns.map((one) => ({ id: one.title, label: one.title }))} />
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="submit" className="btn btn-primary">{say('map.save')}</button></p>
    </form>
  );
};
