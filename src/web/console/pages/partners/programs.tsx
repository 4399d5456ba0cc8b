import { useMemo, useState } from 'react';
import { changeAccount, createAccount, listAccounts, listRoles, makeToken, readAccount, revokeToken, type AccountView } from '../../../../modules/identity/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { ActionForm } from '../../../ui/forms/action-form.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useSay } from '../../texts.ts';
import { Removal, Secret, useWork } from './parts.tsx';
import { usePartnersSay } from './texts.ts';

const pageSize = 50;
const usualDays = 365;

/** Keys of one program: made, narrowed, shown once, taken back. */
const Keys = ({ id, labelOf }: { readonly id: string; readonly labelOf: (role: string) => string }) => {
  const say = usePartnersSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const detail = useResource(`${language} program ${id}`, (signal) => call(readAccount, { params: { id }, query: {}, signal }), (news) => news.subject === 'config');
  const { problem, busy, work } = useWork(detail.reload);
  const roles = useMemo(() => [...new Set((detail.data?.grants ?? []).map(({ role }) => role))], [detail.data]);
  return (
    <Await resource={detail} lines={3}>
      {({ tokens }) => <>
        {secret && <Secret words={say('program.key.secret')} secret={secret} close={() => setSecret(null)} />}
        {problem && <Failed problem={problem} />}
        {tokens.length === 0 && <p className="dim">{say('program.nokeys')}</p>}
        <ul className="partner-cards">{tokens.map((token) => (
          <li key={token.id} className="partner-card">
            <p><b>{token.name}</b> <span className="dim">{[token.roles.map(labelOf).join('、'), token.revoked ? say('program.key.revoked') : say('program.key.until', { at: moment(token.expiresAt) })].join(' · ')}</span></p>
            {!token.revoked && <div className="cell-actions"><Removal label={say('program.revoke')} sure={say('program.revoke')} busy={busy} remove={() => void work(() => call(revokeToken, { params: { id, token: token.id } }))} /></div>}
          </li>
        ))}</ul>
        {roles.length === 0 ? <p className="dim">{say('program.norights')} <a href={hrefOf(['people', id])}>{say('program.grants')}</a></p>
          : making ? <div className="action-panel"><ActionForm
            title={say('program.newkey')} cancel={() => setMaking(false)}
            sources={{ role: (typed) => Promise.resolve(roles.filter((role) => labelOf(role).includes(typed.trim())).map((role) => ({ id: role, name: labelOf(role) }))) }}
            input={{ type: 'object', required: ['name', 'days'], properties: {
              name: { type: 'string', maxLength: 60, title: say('program.key.name') }, days: { type: 'integer', minimum: 1, maximum: 400, default: usualDays, title: say('program.key.days') },
              ...(roles.length > 1 && { roles: { type: 'array', title: say('program.key.roles'), items: { type: 'string', 'x-picker': 'role' } } }),
            } }}
            send={async (input) => {
              const chosen = Array.isArray(input['roles']) ? input['roles'].map(String) : [];
              const made = await call(makeToken, { params: { id }, body: { name: String(input['name']), days: Number(input['days']), roles: chosen.length > 0 ? chosen : roles } });
              setSecret(made.token);
              setMaking(false);
              detail.reload();
            }} /></div>
          : <div className="cell-actions"><button type="button" className="btn btn-small" onClick={() => { setMaking(true); setSecret(null); }}>{say('program.newkey')}</button></div>}
        <p className="dim">{say('program.rotate')}</p>
      </>}
    </Await>
  );
};

/** Accounts of programs, with what they may and the keys they come in with. */
export const Programs = () => {
  const say = usePartnersSay();
  const sayHere = useSay();
  const { language } = useLanguage();
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const list = usePaged(`${language} programs`, (after, signal) => call(listAccounts, { query: { kind: 'program', limit: pageSize, ...(after && { after }) }, signal }), (news) => news.subject === 'config');
  const roles = useResource(`${language} roles`, (signal) => call(listRoles, { signal }));
  const labelOf = (role: string): string => roles.data?.items.find((one) => one.role === role)?.label ?? role;
  const { problem, busy, work } = useWork(list.reload);
  const card = (one: AccountView) => (
    <li key={one.id} className="partner-card">
      <h2>{one.name}<Chip tone={one.disabled ? 'plain' : 'done'}>{say(one.disabled ? 'off' : 'on')}</Chip></h2>
      <p className="dim">{[one.login, ...one.roles.map(labelOf)].join(' · ')}</p>
      <div className="cell-actions">
        <button type="button" className="btn btn-small" aria-expanded={opened === one.id} onClick={() => setOpened(opened === one.id ? null : one.id)}>{say('program.keys')}</button>
        <a className="btn btn-small" href={hrefOf(['people', one.id])}>{say('program.grants')}</a>
        <button type="button" className="btn btn-small" disabled={busy} onClick={() => void work(() => call(changeAccount, { params: { id: one.id }, body: { disabled: !one.disabled } }))}>{say(one.disabled ? 'program.enable' : 'program.disable')}</button>
      </div>
      {opened === one.id && <Keys id={one.id} labelOf={labelOf} />}
    </li>
  );
  return (
    <section aria-label={say('programs')}>
      <div className="partner-head"><button type="button" className="btn" aria-expanded={adding} onClick={() => setAdding(!adding)}>{say('program.add')}</button></div>
      {adding && <div className="action-panel"><ActionForm
        title={say('program.add')} sources={{}} cancel={() => setAdding(false)}
        input={{ type: 'object', required: ['name', 'login'], properties: { name: { type: 'string', maxLength: 60, title: say('program.name') }, login: { type: 'string', maxLength: 64, title: say('program.login') } } }}
        send={async (input) => {
          const { account } = await call(createAccount, { body: { kind: 'program', login: String(input['login']).trim(), name: String(input['name']).trim() } });
          setOpened(account.id);
          setAdding(false);
          list.reload();
        }} /></div>}
      {problem && <Failed problem={problem} />}
      <Await resource={list} lines={6}>
        {({ items, next }) => (items.length === 0 ? <Empty title={say('program.none')}>{say('program.none.words')}</Empty> : <>
          <ul className="partner-cards">{items.map(card)}</ul>
          {next && <p className="rows-end"><button type="button" className="btn" onClick={list.more}>{sayHere('list.more')}</button></p>}
        </>)}
      </Await>
    </section>
  );
};
