import { useMemo, useState } from 'react';
import { changeAccount, endGrant, giveGrant, listRoles, makeLink, readAccount } from '../../../../modules/identity/contract.ts';
import { readPlace } from '../../../../modules/places/contract.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { may, useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { ActionForm } from '../../../ui/forms/action-form.tsx';
import { Await, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useSources } from '../../sources.ts';
import { useSay } from '../../texts.ts';
import { usePlaceName } from './place-name.ts';

/** Where a grant holds, by the name of the place. */
const Where = ({ path }: { readonly path: string }) => {
  const say = useSay();
  const place = usePlaceName(path);
  return place === null ? say('people.grant.everywhere') : say('people.grant.where', { place });
};

/** One account with its grants; the administrator gives and ends them here. Each change is an entry of the ledger. */
export const PersonCard = ({ id, changed }: { readonly id: string; readonly changed: () => void }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { moment } = useTimeWords();
  const sources = useSources();
  const [giving, setGiving] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const person = useResource(`${language} ${id}`, (signal) => call(readAccount, { params: { id }, query: {}, signal }), (news) => news.subject === 'config');
  const roles = useResource(`${language} roles`, (signal) => call(listRoles, { signal }));
  const edits = may(session, changeAccount) && id !== session.id;
  const grantForm = useMemo(() => ({
    type: 'object', required: ['role'],
    properties: {
      role: { title: say('people.grant.role'), 'x-picker': 'role', type: 'string' },
      unit: { title: say('people.grant.unit'), 'x-picker': 'unit', type: 'string' },
      place: { title: say('people.grant.place'), 'x-picker': 'place', type: 'string' },
    },
  }), [say]);
  const formSources = useMemo(() => ({
    ...sources,
    role: async (typed: string) => (roles.data?.items ?? []).filter((each) => each.label.includes(typed.trim()) || each.role.includes(typed.trim().toLowerCase())).map((each) => ({ id: each.role, name: each.label })),
  }), [sources, roles.data]);
  const work = async (what: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await what();
      person.reload();
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const give = async (input: Readonly<Record<string, unknown>>): Promise<void> => {
    const place = typeof input['place'] === 'string' ? (await call(readPlace, { params: { code: input['place'] }, query: {} })).path : '';
    await call(giveGrant, { params: { id }, body: { role: String(input['role']), place, ...(typeof input['unit'] === 'string' && { unit: input['unit'] }) } });
    setGiving(false);
    person.reload();
    changed();
  };
  return (
    <Await resource={person} lines={6}>
      {({ account, grants }) => (
        <section className="person" aria-labelledby="person-name">
          <h2 id="person-name">{account.name} <span className="dim">{account.login}</span></h2>
          <p className="matter-line"><Chip tone={account.disabled ? 'plain' : 'done'}>{say(account.disabled ? 'people.off' : 'people.on')}</Chip>{account.maskedPhone && <span className="number">{account.maskedPhone}</span>}</p>
          {edits && (
            <p className="cell-actions">
              <button type="button" className="btn btn-small" onClick={() => void work(async () => setLink((await call(makeLink, { params: { id } })).link))}>{say('people.link.make')}</button>
              <button type="button" className="btn btn-small" onClick={() => void work(() => call(changeAccount, { params: { id }, body: { disabled: !account.disabled } }))}>{say(account.disabled ? 'people.enable' : 'people.disable')}</button>
            </p>
          )}
          {link && <div className="note note-done" role="status"><p className="strong">{say('people.link')}</p><p className="link-words">{link}</p></div>}
          {problem && <Failed problem={problem} />}
          <h3>{say('people.grants')}</h3>
          {grants.length === 0 && <p className="note note-gap">{say('people.grants.none')}</p>}
          <ul className="stack">
            {grants.map((grant) => (
              <li key={grant.id} className="note grant">
                <p><b>{grant.roleLabel}</b>{grant.unit && ` · ${grant.unit.name}`}</p>
                <p className="dim"><Where path={grant.place} />{grant.until && ` · ${say('people.grant.until', { when: moment(grant.until) })}`}</p>
                {edits && grant.until === null && <button type="button" className="btn btn-small" onClick={() => void work(() => call(endGrant, { params: { id: grant.id }, query: {} }))}>{say('people.grant.end')}</button>}
              </li>
            ))}
          </ul>
          {edits && (giving
            ? <div className="action-panel"><ActionForm title={say('people.grant.give')} input={grantForm} sources={formSources} send={give} cancel={() => setGiving(false)} /></div>
            : <button type="button" className="btn" onClick={() => setGiving(true)}>{say('people.grant.give')}</button>)}
        </section>
      )}
    </Await>
  );
};
