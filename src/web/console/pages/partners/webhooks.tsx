import { useState } from 'react';
import { listAccounts } from '../../../../modules/identity/contract.ts';
import { addWebhook, changeWebhook, exportWebhooks, listWebhooks, removeWebhook, type WebhookView } from '../../../../modules/webhooks/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { ActionForm } from '../../../ui/forms/action-form.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { programSource, Removal, Secret, useWork } from './parts.tsx';
import { usePartnersSay } from './texts.ts';

const most = 100;

/** Addresses that are sent what happens: how far each has got, what it fails at, and what can be done about it. */
export const Webhooks = () => {
  const say = usePartnersSay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const [adding, setAdding] = useState(false);
  const [replaying, setReplaying] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const list = useResource(`${language} webhooks`, (signal) => call(listWebhooks, { query: {}, signal }), (news) => news.subject === 'config');
  const programs = useResource(`${language} webhooks programs`, (signal) => call(listAccounts, { query: { kind: 'program', limit: most }, signal }));
  const { problem, busy, work } = useWork(list.reload);
  const nameOf = (account: string): string => programs.data?.items.find(({ id }) => id === account)?.name ?? '';
  const change = (id: string, body: { active?: boolean; after?: number }): void => void work(() => call(changeWebhook, { params: { id }, body }));
  const card = (hook: WebhookView) => (
    <li key={hook.id} className="partner-card">
      <h2>{hook.url}<Chip tone={!hook.active ? 'plain' : hook.error ? 'late' : 'done'}>{say(!hook.active ? 'off' : hook.error ? 'failing' : 'on')}</Chip></h2>
      <p className="dim">{[nameOf(hook.account), say('hook.got', { seq: hook.seq }), ...(hook.active && hook.error ? [say('hook.next', { at: brief(hook.nextAt) })] : [])].filter(Boolean).join(' · ')}</p>
      {hook.error && <p className="late-words">{hook.errorWords}{hook.failures > 0 && ` · ${say('hook.failures', { count: hook.failures })}`}</p>}
      <div className="cell-actions">
        {hook.active && hook.error && <button type="button" className="btn btn-small" disabled={busy} onClick={() => change(hook.id, { active: true })}>{say('hook.now')}</button>}
        <button type="button" className="btn btn-small" aria-expanded={replaying === hook.id} onClick={() => setReplaying(replaying === hook.id ? null : hook.id)}>{say('hook.replay')}</button>
        <button type="button" className="btn btn-small" disabled={busy} onClick={() => change(hook.id, { active: !hook.active })}>{say(hook.active ? 'hook.rest' : 'hook.wake')}</button>
        <Removal label={say('remove')} sure={say('remove.sure')} busy={busy} remove={() => void work(() => call(removeWebhook, { params: { id: hook.id }, query: {} }))} />
      </div>
      {replaying === hook.id && <div className="action-panel"><ActionForm
        title={say('hook.replay.title')} sources={{}} cancel={() => setReplaying(null)}
        input={{ type: 'object', required: ['seq'], properties: { seq: { type: 'integer', minimum: 0, maximum: hook.seq, title: say('hook.replay.title') } } }}
        send={async (input) => {
          await call(changeWebhook, { params: { id: hook.id }, body: { after: Number(input['seq']) } });
          setReplaying(null);
          list.reload();
        }} /></div>}
    </li>
  );
  return (
    <section aria-label={say('webhooks')}>
      <div className="partner-head"><button type="button" className="btn" aria-expanded={adding} onClick={() => { setAdding(!adding); setSecret(null); }}>{say('hook.add')}</button>{list.data !== null && list.data.items.length > 0 && <ExportMenu route={exportWebhooks} asked={{}} />}</div>
      {adding && <div className="action-panel"><ActionForm
        title={say('hook.add')} sources={programSource} cancel={() => setAdding(false)}
        input={{ type: 'object', required: ['url', 'account'], properties: {
          url: { type: 'string', maxLength: 120, title: say('hook.url') }, account: { type: 'string', 'x-picker': 'account', title: say('hook.program') }, seq: { type: 'integer', minimum: 0, title: say('hook.after') },
        } }}
        send={async (input) => {
          const made = await call(addWebhook, { body: { url: String(input['url']).trim(), account: String(input['account']), ...(input['seq'] !== undefined && { after: Number(input['seq']) }) } });
          setSecret(made.secret);
          setAdding(false);
          list.reload();
        }} /></div>}
      {secret && <Secret words={say('hook.secret')} secret={secret} close={() => setSecret(null)} />}
      {problem && <Failed problem={problem} />}
      <Await resource={list} lines={6}>
        {({ items }) => (items.length === 0 ? <Empty title={say('hook.none')}>{say('hook.none.words')}</Empty> : <ul className="partner-cards">{items.map(card)}</ul>)}
      </Await>
    </section>
  );
};
