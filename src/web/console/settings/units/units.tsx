import { useState } from 'react';
import { listUnits, putUnit, type UnitView } from '../../../../modules/identity/contract.ts';
import { listChanges } from '../../../../modules/changes/contract.ts';
import { readHolds } from '../../../../modules/offices/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await, Empty } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ChangedList } from '../changed/changed-list.tsx';
import { BackForm, DissolveForm } from './dissolve.tsx';
import { UnitForm } from './unit-form.tsx';
import { useOfficeSay } from './texts.ts';

/** Every unit of the county: pages of 100, few enough to be held together. */
const readUnits = async (signal: AbortSignal): Promise<readonly UnitView[]> => {
  const found: UnitView[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: { items: UnitView[]; next: string | null } = await call(listUnits, { query: { limit: 100, ...(after && { after }) }, signal });
    found.push(...page.items);
    after = page.next;
  }
  return found;
};

/** Units in the order of a tree, each with its depth. */
const treeOf = (units: readonly UnitView[]): readonly { readonly unit: UnitView; readonly depth: number }[] => {
  const ids = new Set(units.map(({ id }) => id));
  const walk = (parent: string | null, depth: number): { unit: UnitView; depth: number }[] =>
    units.filter((unit) => (parent === null ? unit.parent === null || !ids.has(unit.parent) : unit.parent === parent)).flatMap((unit) => [{ unit, depth }, ...(depth < 8 ? walk(unit.id, depth + 1) : [])]);
  return walk(null, 0);
};

const UnitCard = ({ unit, units, changed }: { readonly unit: UnitView; readonly units: readonly UnitView[]; readonly changed: () => void }) => {
  const say = useOfficeSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const [doing, setDoing] = useState<'dissolve' | 'back' | null>(null);
  const [saved, setSaved] = useState(false);
  const holds = useResource(`${language} ${unit.id}`, (signal) => call(readHolds, { params: { id: unit.id }, query: {}, signal }), (news) => news.subject === 'config' || news.action === 'succeed');
  const edits = may(session, putUnit);
  const again = (): void => { setDoing(null); holds.reload(); changed(); };
  return (
    <Await resource={holds} lines={10}>
      {(seen) => (
        <div className="unit-card">
          <h2>{unit.name} {unit.closed && <Chip tone="plain">{say('closed')}</Chip>}</h2>
          {saved && <p className="note note-done" role="status">{say('saved')}</p>}
          {doing === 'dissolve' ? <DissolveForm seen={seen} units={units} done={again} cancel={() => setDoing(null)} /> : (
            <>
              {unit.closed || !edits
                ? <p className="dim">{say('phone')}：{unit.phone ?? '—'} · {say('places')}：{seen.unit.places.length === 0 ? say('places.all') : seen.unit.places.map(({ name }) => name).join('、')}</p>
                : <UnitForm key={`${unit.id} ${JSON.stringify(unit)}`} unit={unit} units={units} places={new Map(seen.unit.places.map(({ code, name }) => [code, name]))} done={() => { setSaved(true); again(); }} />}
              {!unit.closed && (
                <section aria-labelledby="unit-holds">
                  <h3 id="unit-holds">{say('holds')}</h3>
                  {seen.holds.every(({ count }) => count === 0) ? <p className="dim">{say('holds.nothing')}</p> : (
                    <dl className="holds">{seen.holds.filter(({ count }) => count > 0).map(({ group, count, words }) => <div key={group}><dt>{say(`group.${group}`)} <b>{count}</b></dt><dd>{words.join('；')}</dd></div>)}</dl>
                  )}
                  {seen.shifts > 0 && <p className="dim">{say('holds.shifts', { count: seen.shifts })}</p>}
                  {seen.blocks.length > 0 && <div className="note note-wait"><p className="strong">{say('dissolve.blocked')}</p><ul>{seen.blocks.map((words) => <li key={words}>{words}</li>)}</ul></div>}
                  {edits && seen.blocks.length === 0 && <p><button type="button" className="btn btn-small" onClick={() => setDoing('dissolve')}>{say('dissolve')}</button></p>}
                </section>
              )}
            </>
          )}
          {seen.dissolutions.length > 0 && (
            <section aria-labelledby="unit-past">
              <h3 id="unit-past">{say('past')}</h3>
              <ul className="stack">
                {seen.dissolutions.map((one) => (
                  <li key={one.id} className="note">
                    <p><b>{one.back ? say('past.back', { author: one.author }) : one.endedAt === null ? say('past.running', { author: one.author, left: one.left }) : say('past.done', { author: one.author })}</b></p>
                    <p className="dim">{moment(one.at)} · {one.reason}</p>
                    {!one.back && <ul className="dim">{one.handed.map((part) => <li key={`${part.group} ${part.to ?? ''}`}>{say('past.handed', { group: part.group, count: part.count, to: part.to ?? say('past.ended') })}</li>)}</ul>}
                  </li>
                ))}
              </ul>
              {edits && unit.closed && (doing === 'back' ? <BackForm id={unit.id} done={again} cancel={() => setDoing(null)} /> : <p><button type="button" className="btn btn-small" onClick={() => setDoing('back')}>{say('back')}</button></p>)}
            </section>
          )}
          {may(session, listChanges) && <section aria-labelledby="unit-history"><h3 id="unit-history">{say('history')}</h3><ChangedList unit={unit.id} subject="units" limit={5} /></section>}
        </div>
      )}
    </Await>
  );
};

/** Units as a tree, and one of them: what it is, what it holds, how it ends. */
const Units = () => {
  const say = useOfficeSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const chosen = usePlace().path[2] ?? null;
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState(false);
  const [making, setMaking] = useState(false);
  const units = useResource(`${language} all units`, readUnits, (news) => news.subject === 'config' && news.kind === 'unit');
  return (
    <div className="area-main">
      <h1>{say('title')}</h1>
      <p className="dim">{say('about')}</p>
      <Await resource={units} lines={10}>
        {(all) => {
          const words = typed.trim().toLowerCase();
          const shown = treeOf(all.filter((unit) => (closed || !unit.closed || unit.id === chosen) && (words === '' || unit.name.toLowerCase().includes(words) || unit.id.includes(words))));
          const unit = all.find(({ id }) => id === chosen);
          return (
            <div className="units" data-open={chosen !== null || making || undefined}>
              <section className="units-list">
                <div className="page-tools">
                  <input className="field-input search" type="search" aria-label={say('find')} placeholder={say('find')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
                  {may(session, putUnit) && <button type="button" className="btn btn-small" aria-expanded={making} onClick={() => { setMaking(!making); }}>{say('new')}</button>}
                </div>
                <label className="check-line"><input type="checkbox" checked={closed} onChange={(event) => setClosed(event.currentTarget.checked)} /> {say('closed.show')}</label>
                {all.length === 0 ? <Empty title={say('none')}>{say('none.words')}</Empty> : shown.length === 0 ? <p className="dim">{say('found.none')}</p> : (
                  <ul className="unit-tree">{shown.map(({ unit: one, depth }) => <li key={one.id} style={{ paddingInlineStart: `${depth * 1.1}rem` }}><a href={hrefOf(['settings', 'units', one.id])} {...(one.id === chosen && { 'aria-current': 'page' as const })}><b>{one.name}</b>{one.closed && <small> {say('closed')}</small>}<small>{one.id}</small></a></li>)}</ul>
                )}
              </section>
              <section className="units-one">
                {making ? <><h2>{say('new')}</h2><UnitForm unit={null} units={all} places={new Map()} done={(id) => { setMaking(false); units.reload(); go(['settings', 'units', id]); }} cancel={() => setMaking(false)} /></>
                  : unit ? <UnitCard key={unit.id} unit={unit} units={all} changed={units.reload} /> : <Empty title={say('pick')} />}
              </section>
            </div>
          );
        }}
      </Await>
    </div>
  );
};

export default Units;
