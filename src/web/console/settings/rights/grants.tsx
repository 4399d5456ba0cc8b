import { useState } from 'react';
import type { Static } from 'typebox';
import { endGrant, giveGrant, listGrants, listRoles, listUnits } from '../../../../modules/identity/contract.ts';
import { listChanges } from '../../../../modules/changes/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useResource } from '../../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useNow, useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { usePlaceName } from '../../pages/people/place-name.ts';
import { ListTable } from '../../pages/table.tsx';
import { ChangedList } from '../changed/changed-list.tsx';
import { GiveForm } from './give-form.tsx';
import { useRightsSay } from './texts.ts';

type Row = Static<typeof listGrants.response>['items'][number];
/** From here on a right is said to end soon, in milliseconds. */
const soon = 14 * 86_400_000;

const When = ({ grant }: { readonly grant: Row['grant'] }) => {
  const say = useRightsSay();
  const { moment } = useTimeWords();
  const now = useNow();
  const until = grant.until === null ? null : Date.parse(grant.until);
  if (until !== null && until <= now) return <Chip tone="plain">{say('when.ended')}</Chip>;
  return (
    <>
      {Date.parse(grant.from) > now && <>{say('when.from', { from: moment(grant.from) })}<br /></>}
      {until === null ? say('when.open') : say('when.until', { until: moment(grant.until!) })}
      {until !== null && until - now < soon && <> <Chip tone="wait">{say('when.soon')}</Chip></>}
    </>
  );
};

const Where = ({ path }: { readonly path: string }) => {
  const say = useRightsSay();
  return usePlaceName(path) ?? say('where.all');
};

const End = ({ row, done }: { readonly row: Row; readonly done: () => void }) => {
  const say = useRightsSay();
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (row.grant.until !== null && Date.parse(row.grant.until) <= now) return null;
  const end = async (): Promise<void> => {
    try {
      await call(endGrant, { params: { id: row.grant.id }, query: {} });
      setAsking(false);
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  if (!asking) return <button type="button" className="btn btn-small" aria-label={`${say('end')} ${row.name} ${row.grant.roleLabel}`} onClick={() => setAsking(true)}>{say('end')}</button>;
  return (
    <div className="note" role="group" aria-label={say('end')}>
      <p>{say('end.sure', { name: row.name, role: row.grant.roleLabel })}</p>
      {problem && <Failed problem={problem} />}
      <p className="form-actions"><button type="button" className="btn btn-primary btn-small" onClick={() => void end()}>{say('end.do')}</button><button type="button" className="btn btn-small" onClick={() => setAsking(false)}>{say('cancel')}</button></p>
    </div>
  );
};

/** Who holds what, for which unit, where and until when; rights are given and ended here. */
const Grants = () => {
  const say = useRightsSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const role = usePlace().path[2] ?? '';
  const [unit, setUnit] = useState('');
  const [ended, setEnded] = useState(false);
  const [giving, setGiving] = useState(false);
  const [given, setGiven] = useState(false);
  const roles = useResource(`${language} roles`, (signal) => call(listRoles, { signal }));
  const units = useResource(`${language} units of rights`, (signal) => call(listUnits, { query: { limit: 100 }, signal }));
  const list = usePaged(`${language} grants ${role} ${unit} ${ended}`, (after, signal) => call(listGrants, {
    query: { limit: 50, ...(role && { role }), ...(unit && { unit }), ...(ended && { ended }), ...(after !== null && { after }) }, signal,
  }), (news) => news.kind === 'grant');
  const edits = may(session, giveGrant);
  return (
    <div className="area-main">
      <h1>{say('title')}</h1>
      <p className="dim">{say('about')}</p>
      {giving ? <GiveForm roles={roles.data?.items ?? []} units={(units.data?.items ?? []).filter((one) => !one.closed)} done={() => { setGiving(false); setGiven(true); list.reload(); }} cancel={() => setGiving(false)} /> : (
        <div className="search-filters">
          <div className="field"><label htmlFor="grants-role">{say('role')}</label><select id="grants-role" className="field-input" value={role} onChange={(event) => go(['settings', 'grants', ...(event.currentTarget.value ? [event.currentTarget.value] : [])])}><option value="">{say('role.all')}</option>{(roles.data?.items ?? []).map((one) => <option key={one.role} value={one.role}>{one.label}</option>)}</select></div>
          <div className="field"><label htmlFor="grants-unit">{say('unit')}</label><select id="grants-unit" className="field-input" value={unit} onChange={(event) => setUnit(event.currentTarget.value)}><option value="">{say('unit.all')}</option>{(units.data?.items ?? []).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></div>
          <label className="check-line"><input type="checkbox" checked={ended} onChange={(event) => setEnded(event.currentTarget.checked)} /> {say('ended.show')}</label>
          {edits && <button type="button" className="btn btn-primary" onClick={() => { setGiving(true); setGiven(false); }}>{say('give')}</button>}
        </div>
      )}
      {given && <p className="note note-done" role="status">{say('given')}</p>}
      <ListTable<Row> label={say('title')} resource={list} keyOf={(row) => row.grant.id} none={{ title: say('none'), words: say('none.words') }} columns={[
        { key: 'person', label: say('person'), narrow: true, cell: (row) => <><a href={hrefOf(['people', row.account])}><b>{row.name}</b></a>{row.disabled && <small className="dim"><br />{say('off')}</small>}</> },
        { key: 'role', label: say('role'), narrow: true, cell: (row) => row.grant.roleLabel },
        { key: 'unit', label: say('unit'), cell: (row) => row.grant.unit?.name ?? '—' },
        { key: 'where', label: say('where'), cell: (row) => <Where path={row.grant.place} /> },
        { key: 'when', label: say('when'), cell: (row) => <When grant={row.grant} /> },
        ...(edits ? [{ key: 'end', label: say('end'), cell: (row: Row) => (row.account === session.id ? null : <End row={row} done={list.reload} />) }] : []),
      ]} />
      {may(session, listChanges) && <section className="grants-history" aria-labelledby="grants-history"><h2 id="grants-history">{say('history')}</h2><ChangedList subject="grants" limit={10} /></section>}
    </div>
  );
};

export default Grants;
