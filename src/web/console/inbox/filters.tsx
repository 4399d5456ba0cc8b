import { useState, type FormEvent, type ReactNode } from 'react';
import caseTexts from '../../../../data/texts/kinds/case.json' with { type: 'json' };
import { dropFilter, listSavedFilters, saveFilter, type SavedFilter } from '../../../modules/matters/contract.ts';
import type { Text } from '../../../base/text/language.ts';
import { call, Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { useSession } from '../../shared/session.tsx';
import { CrossIcon } from '../../ui/icons.tsx';
import { Picker, type Choice } from '../../ui/forms/picker.tsx';
import { Failed } from '../../ui/states.tsx';
import { useSources } from '../sources.ts';
import { useSay } from '../texts.ts';
import type { Box } from './boxes.ts';

/** Members of the list's query that a person sets. */
export const filterNames = ['due', 'state', 'code', 'unit', 'place', 'component', 'order'] as const;
export type Filters = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;

/** The states of a case with their words, as the kind's own catalogue has them. */
const states = Object.entries<Text>(caseTexts).flatMap(([key, label]) => (key.startsWith('case.state.') ? [[key.slice('case.state.'.length), label] as const] : []));

/** Where earlier releases kept filters: in the browser. They move to the server once. */
const keyOf = (account: string): string => `lamplight.filters.${account}`;
const moveSaved = async (account: string): Promise<void> => {
  const kept = localStorage.getItem(keyOf(account));
  if (kept === null) return;
  localStorage.removeItem(keyOf(account));
  for (const { name, box, filters } of JSON.parse(kept) as readonly { name: string; box: Box; filters: Filters }[])
    await call(saveFilter, { body: { name: name.slice(0, 20), box, filter: { ...filters } } }).catch(() => undefined);
};

/** Filters of the list, and those that this account has saved, wherever it signed in. */
export const FilterBar = ({ box, filters, tools, apply }: {
  readonly box: Box; readonly filters: Filters;
  /** What else may be done with the list as it is filtered. */
  readonly tools: ReactNode;
  readonly apply: (filters: Filters, box?: Box) => void;
}) => {
  const say = useSay();
  const { session } = useSession();
  const sources = useSources();
  const { language } = useLanguage();
  const kept = useResource(`saved ${session.id}`, async (signal) => {
    await moveSaved(session.id);
    return call(listSavedFilters, { signal });
  });
  const [changed, setChanged] = useState<readonly SavedFilter[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saved = changed ?? kept.data?.items ?? [];
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const keep = async (asking: Promise<{ readonly items: readonly SavedFilter[] }>): Promise<void> => {
    setProblem(null);
    try {
      setChanged((await asking).items);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const set = (member: (typeof filterNames)[number], value: string | undefined): void => {
    const { [member]: _gone, ...rest } = filters;
    apply(value ? { ...rest, [member]: value } : rest);
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const words = name.trim();
    if (!words) return;
    void keep(call(saveFilter, { body: { name: words, box, filter: { ...filters } } }));
    setName('');
  };
  const picked = (id: string | undefined): Choice | null => (id ? { id, name: id } : null);
  const set_ = Object.keys(filters).length;
  return (
    <div className="filters">
      <div className="filters-line">
        <button type="button" className="btn btn-small" aria-expanded={open} onClick={() => setOpen(!open)}>{say('inbox.filter')}{set_ > 0 && ` · ${set_}`}</button>
        {set_ > 0 && <button type="button" className="btn btn-small btn-quiet" onClick={() => apply({})}>{say('inbox.filter.clear')}</button>}
        {tools}
        {saved.map((each) => (
          <span className="saved" key={each.name}>
            <button type="button" className="chip chip-link" onClick={() => apply(each.filter, each.box)}>{each.name}</button>
            {open && <button type="button" className="saved-away" aria-label={say('inbox.saved.away', { name: each.name })} onClick={() => void keep(call(dropFilter, { query: { name: each.name } }))}><CrossIcon /></button>}
          </span>
        ))}
      </div>
      {problem && <Failed problem={problem} />}
      {open && (
        <div className="filters-panel">
          {sources.code && <Picker label={say('inbox.filter.code')} lookup={sources.code} value={picked(filters.code)} onChange={(choice) => set('code', choice?.id)} />}
          {sources.unit && <Picker label={say('inbox.filter.unit')} lookup={sources.unit} value={picked(filters.unit)} onChange={(choice) => set('unit', choice?.id)} />}
          {sources.place && <Picker label={say('inbox.filter.place')} lookup={sources.place} value={picked(filters.place)} onChange={(choice) => set('place', choice?.id)} />}
          <div className="field">
            <label htmlFor="state">{say('inbox.filter.state')}</label>
            <select id="state" value={filters.state ?? ''} onChange={(event) => set('state', event.currentTarget.value || undefined)}>
              <option value="">{say('inbox.filter.any')}</option>
              {states.map(([state, label]) => <option key={state} value={state}>{label[language]}</option>)}
            </select>
          </div>
          <div className="field">
            <label htmlFor="order">{say('inbox.filter.order')}</label>
            <select id="order" value={filters.order ?? 'due'} onChange={(event) => set('order', event.currentTarget.value === 'due' ? undefined : event.currentTarget.value)}>
              <option value="due">{say('inbox.order.due')}</option>
              <option value="new">{say('inbox.order.new')}</option>
            </select>
          </div>
          <form className="saved-form" onSubmit={save}>
            <input aria-label={say('inbox.save.name')} placeholder={say('inbox.save')} maxLength={20} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <button type="submit" className="btn btn-small">{say('inbox.save.do')}</button>
          </form>
        </div>
      )}
    </div>
  );
};
