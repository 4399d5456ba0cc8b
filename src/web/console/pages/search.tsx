import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Text } from '../../../base/text/language.ts';
import caseTexts from '../../../../data/texts/kinds/case.json' with { type: 'json' };
import { exportFound, search, searchByPhone, type FoundItem, type HitView } from '../../../modules/finding/contract.ts';
import type { BodyOf } from '../../../base/route.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePaged } from '../../shared/paged.ts';
import { go, hrefOf, usePlace } from '../../shared/router.ts';
import { may, useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { Picker, type Choice } from '../../ui/forms/picker.tsx';
import { Await, Empty } from '../../ui/states.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { useHeldPhone } from '../held-phone.ts';
import { useKeys } from '../keyboard.ts';
import { useSources } from '../sources.ts';
import { useSay } from '../texts.ts';
import { PageFrame } from './table.tsx';

const filterNames = ['kind', 'state', 'place', 'from', 'until'] as const;
type Filters = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;
type Purpose = BodyOf<typeof searchByPhone>['purpose'];
const purposes: readonly Purpose[] = ['call_back', 'intake', 'danger', 'complaint'];
const pageSize = 30;

const states = Object.entries<Text>(caseTexts).flatMap(([key, label]) => (key.startsWith('case.state.') ? [[key.slice('case.state.'.length), label] as const] : []));

/** A text with what was found in it marked. */
const Marked = ({ text, ranges }: Pick<HitView, 'text' | 'ranges'>) => {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  return <>{parts}{text.slice(at)}</>;
};

const Result = ({ item: { matter, hits }, current }: { readonly item: FoundItem; readonly current: boolean }) => {
  const say = useSay();
  const { brief } = useTimeWords();
  const hit = (field: HitView['field']): HitView | undefined => hits.find((one) => one.field === field);
  const [title, number] = [hit('title'), hit('number')];
  return (
    <li>
      <a className="found" href={hrefOf(['inbox', matter.id])} {...(current && { 'aria-current': 'true' as const })}>
        <span className="found-title">{title ? <Marked {...title} /> : matter.title}</span>
        <Chip tone={toneOf(matter.state)}>{matter.stateLabel}</Chip>
        <span className="found-where"><span className="number">{number ? <Marked {...number} /> : matter.number}</span>{matter.place && <span>{matter.place.names.slice(-2).join(' · ')}</span>}<span>{brief(matter.createdAt)}</span></span>
        {hits.filter(({ field }) => field !== 'title' && field !== 'number').map(({ field, text, ranges }, at) => (
          <span className="found-hit" key={`${field} ${at}`}><small>{say(`search.in.${field}`)}</small><span><Marked text={text} ranges={ranges} /></span></span>
        ))}
      </a>
    </li>
  );
};

/** What was found for words, or for a phone with a purpose, newest first. */
const Search = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { query } = usePlace();
  const sources = useSources();
  const phone = useHeldPhone();
  const [purpose, setPurpose] = useState<Purpose | null>(null);
  const byPhone = query.get('by') === 'phone';
  const q = query.get('q') ?? '';
  const filters: Filters = Object.fromEntries(filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
  const mayPhone = may(session, searchByPhone);
  useEffect(() => setPurpose(null), [phone]);
  const key = byPhone ? (phone === null || purpose === null || !mayPhone ? null : `phone ${phone} ${purpose}`) : q === '' ? null : q;
  const list = usePaged(`${language} ${key} ${JSON.stringify(filters)}`, async (after, signal) => {
    const asked = { ...filters, limit: pageSize, ...(after && { after }) };
    if (key === null) return { items: [], next: null };
    return byPhone ? call(searchByPhone, { body: { phone: phone!, purpose: purpose!, ...asked }, signal }) : call(search, { query: { q, ...asked }, signal });
  });
  const items = list.data?.items ?? [];
  const [at, setAt] = useState(-1);
  useEffect(() => setAt(-1), [key]);
  const found = useRef<HTMLUListElement>(null);
  const move = (step: number): void => {
    if (items.length > 0) setAt((before) => Math.min(items.length - 1, Math.max(0, before + step)));
  };
  useEffect(() => { found.current?.querySelector<HTMLElement>('[aria-current=true]')?.focus(); }, [at]);
  useKeys({ j: () => move(1), k: () => move(-1) });
  const set = (name: (typeof filterNames)[number], value: string | undefined): void => go(['search'], { ...(byPhone ? { by: 'phone' } : { q }), ...filters, [name]: value || undefined }, true);
  const place: Choice | null = filters.place === undefined ? null : { id: filters.place, name: filters.place };
  return (
    <PageFrame title={byPhone ? say('search.title.phone') : q === '' ? say('nav.search') : say('search.title', { words: q })} tools={!byPhone && q !== '' && items.length > 0 && <ExportMenu route={exportFound} asked={{ q, ...filters }} />}>
      <div className="search-filters">
        <div className="field"><label htmlFor="found-kind">{say('search.kind')}</label>
          <select id="found-kind" value={filters.kind ?? ''} onChange={(event) => set('kind', event.currentTarget.value)}><option value="">{say('inbox.filter.any')}</option><option value="case">{say('search.kind.case')}</option><option value="task">{say('search.kind.task')}</option></select></div>
        <div className="field"><label htmlFor="found-state">{say('inbox.filter.state')}</label>
          <select id="found-state" value={filters.state ?? ''} onChange={(event) => set('state', event.currentTarget.value)}><option value="">{say('inbox.filter.any')}</option>{states.map(([state, label]) => <option key={state} value={state}>{label[language]}</option>)}</select></div>
        {sources.place && <Picker label={say('search.place')} lookup={sources.place} value={place} onChange={(choice) => set('place', choice?.id)} />}
        <div className="field"><label htmlFor="found-from">{say('search.from')}</label><input id="found-from" type="date" value={filters.from ?? ''} onChange={(event) => set('from', event.currentTarget.value)} /></div>
        <div className="field"><label htmlFor="found-until">{say('search.until')}</label><input id="found-until" type="date" value={filters.until ?? ''} onChange={(event) => set('until', event.currentTarget.value)} /></div>
        {Object.keys(filters).length > 0 && <button type="button" className="btn btn-small btn-quiet" onClick={() => go(['search'], byPhone ? { by: 'phone' } : { q }, true)}>{say('inbox.filter.clear')}</button>}
      </div>
      {byPhone && !mayPhone && <Empty title={say('search.phone.no')}>{say('search.phone.no.words')}</Empty>}
      {byPhone && mayPhone && phone === null && <Empty title={say('search.phone.gone')}>{say('search.phone.gone.words')}</Empty>}
      {byPhone && mayPhone && phone !== null && (
        <fieldset className="choice-set search-purpose"><legend>{say('search.phone.why')}</legend>
          {purposes.map((each) => <label className="check" key={each}><input type="radio" name="purpose" checked={purpose === each} onChange={() => setPurpose(each)} />{say(`search.phone.${each}`)}</label>)}
        </fieldset>
      )}
      {!byPhone && q === '' && <Empty title={say('search.begin')}>{say('search.begin.words')}</Empty>}
      {key !== null && (
        <Await resource={list} lines={8}>
          {({ items: rows, next }) => (rows.length === 0 && next === null ? <Empty title={say('search.empty')}>{say(Object.keys(filters).length > 0 ? 'search.empty.filtered' : 'search.empty.words')}</Empty> : (
            <>
              <p className="dim" role="status">{say(next === null ? 'list.end' : 'search.some', { count: rows.length })}</p>
              <ul className="found-list" ref={found}>{rows.map((item, n) => <Result key={item.matter.id} item={item} current={n === at} />)}</ul>
              {next !== null && <p className="rows-end"><button type="button" className="btn" onClick={list.more}>{say('list.more')}</button></p>}
              <p className="inbox-keys" aria-hidden="true">{say('search.keys')}</p>
            </>
          ))}
        </Await>
      )}
    </PageFrame>
  );
};
export default Search;
