import { useDeferredValue, useState } from 'react';
import { createAccount, exportAccounts, listAccounts, listUnits, type AccountView, type UnitView } from '../../../../modules/identity/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf, usePlace } from '../../../shared/router.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { ActionForm } from '../../../ui/forms/action-form.tsx';
import { Empty } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useUnitKind } from '../../settings/units/texts.ts';
import { useSay } from '../../texts.ts';
import { useEntryWords } from '../../trace/entry-words.ts';
import { PersonCard } from './person-card.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable, PageFrame, Views } from '../table.tsx';

const pageSize = 60;

/** What a new account needs at first; the rest follows when its owner signs in. */
const newAccount = { type: 'object', required: ['login', 'name'], properties: { name: { type: 'string', maxLength: 60 }, login: { type: 'string', maxLength: 64 }, phone: { type: 'string', maxLength: 24 } } };

const Accounts = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const chosen = usePlace().path[1] ?? null;
  const [typed, setTyped] = useState('');
  const [making, setMaking] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const words = useEntryWords();
  const asked = useDeferredValue(typed.trim());
  const list = usePaged(`${language} ${asked}`, (after, signal) => call(listAccounts, { query: { limit: pageSize, ...(asked && { text: asked }), ...(after && { after }) }, signal }), (news) => news.subject === 'config');
  return (
    <div className="people-columns">
      <section>
        <div className="page-tools">
          <input className="field-input search" type="search" aria-label={say('people.search')} placeholder={say('people.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          <ExportMenu route={exportAccounts} asked={asked ? { text: asked } : {}} />
          {may(session, createAccount) && <button type="button" className="btn" aria-expanded={making} onClick={() => { setMaking(!making); setLink(null); }}>{say('people.create')}</button>}
        </div>
        {making && <div className="action-panel"><ActionForm title={say('people.create')} input={newAccount} sources={{}} cancel={() => setMaking(false)} send={async (input) => {
          const made = await call(createAccount, { body: input as { login: string; name: string } });
          setLink(made.link);
          setMaking(false);
          list.reload();
        }} /></div>}
        {link && <div className="note note-done" role="status"><p className="strong">{say('people.link')}</p><p className="link-words">{link}</p></div>}
        <ListTable<AccountView> label={say('people.accounts')} resource={list} keyOf={(row) => row.id} chosen={chosen} columns={[
          { key: 'name', label: say('people.name'), cell: (row) => <a href={hrefOf(['people', row.id])}><b>{row.name}</b></a> },
          { key: 'login', label: say('people.login'), cell: (row) => row.login },
          { key: 'roles', label: say('people.roles'), cell: (row) => row.roles.map(words.role).join(language === 'en' ? ', ' : '、') },
          { key: 'phone', label: say('people.phone'), narrow: true, cell: (row) => row.maskedPhone },
          { key: 'state', label: say('people.state'), narrow: true, cell: (row) => <Chip tone={row.disabled ? 'plain' : row.hasPassword ? 'done' : 'wait'}>{say(row.disabled ? 'people.off' : row.hasPassword ? 'people.on' : 'people.nopassword')}</Chip> },
        ]} />
      </section>
      <aside>{chosen ? <PersonCard key={chosen} id={chosen} changed={list.reload} /> : <Empty title={say('people.pick')} />}</aside>
    </div>
  );
};

const Units = () => {
  const say = useSay();
  const kindOf = useUnitKind();
  const { language } = useLanguage();
  const list = usePaged(`${language} units`, (after, signal) => call(listUnits, { query: { limit: pageSize, ...(after && { after }) }, signal }), (news) => news.subject === 'config');
  return (
    <ListTable<UnitView> label={say('people.units')} resource={list} keyOf={(row) => row.id} columns={[
      { key: 'name', label: say('people.name'), cell: (row) => <b>{row.name}</b> },
      { key: 'code', label: say('places.code'), cell: (row) => row.id },
      { key: 'kind', label: say('people.unit.kind'), cell: (row) => kindOf(row.kind) },
      { key: 'phone', label: say('people.phone'), narrow: true, cell: (row) => row.phone },
      { key: 'state', label: say('people.state'), narrow: true, cell: (row) => <Chip tone={row.closed ? 'plain' : 'done'}>{say(row.closed ? 'people.unit.closed' : 'people.on')}</Chip> },
    ]} />
  );
};

/** Who works here, in which role, for which unit, under which place, until when. */
const People = () => {
  const say = useSay();
  const [view, setView] = useState<'accounts' | 'units'>('accounts');
  return (
    <PageFrame title={say('people.title')} tools={<Views label={say('people.title')} value={view} choose={setView} views={[{ id: 'accounts', label: say('people.accounts') }, { id: 'units', label: say('people.units') }]} />}>
      {view === 'accounts' ? <Accounts /> : <Units />}
    </PageFrame>
  );
};

export default People;
