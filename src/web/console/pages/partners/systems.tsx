import { useState } from 'react';
import { addPartner, changePartner, listPartners, removePartner, type PartnerView, type ServicePair } from '../../../../modules/exchange/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { ActionForm } from '../../../ui/forms/action-form.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { Exchanged } from './exchanged.tsx';
import { programSource, Removal, useWork } from './parts.tsx';
import { usePartnersSay } from './texts.ts';

/** Lines `ours=theirs`; what is no pair stays as it is and is refused by the server. */
const pairsOf = (text: string): ServicePair[] => text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
  const [ours = '', theirs = ''] = line.split(/[=＝]/u).map((part) => part.trim());
  return { ours, theirs: theirs || ours };
});

const directionOf = ({ pull, push }: { readonly pull: boolean; readonly push: boolean }): PartnerView['direction'] => (push ? (pull ? 'both' : 'push') : 'pull');

/** Open311 systems that reports and updates are exchanged with. */
export const Systems = () => {
  const say = usePartnersSay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const list = useResource(`${language} partners`, (signal) => call(listPartners, { query: {}, signal }), (news) => news.subject === 'config');
  const { problem, busy, work } = useWork(list.reload);
  const card = (one: PartnerView) => {
    const { taken, sent, waiting, refused, conflicts } = one.counts;
    return (
      <li key={one.id} className="partner-card">
        <h2>{one.name}<Chip tone={!one.active ? 'plain' : one.error ? 'late' : 'done'}>{say(!one.active ? 'off' : one.error ? 'failing' : 'on')}</Chip></h2>
        <p>{one.url}</p>
        <p className="dim">{[
          say(one.direction === 'both' ? 'system.both' : one.direction === 'pull' ? 'system.onlypull' : 'system.onlypush'),
          one.contactedAt ? say('system.contact', { at: brief(one.contactedAt) }) : say('system.never'), ...(one.direction === 'push' ? [] : [say('system.pulled', { at: brief(one.pulledUntil) })]),
        ].join(' · ')}</p>
        <p>{say('system.counts', { taken, sent, waiting })} {refused > 0 && <Chip tone="late">{say('system.refused', { count: refused })}</Chip>} {conflicts > 0 && <Chip tone="wait">{say('system.conflicts', { count: conflicts })}</Chip>}</p>
        {one.errorWords && <p className="late-words">{one.errorWords}{one.failures > 0 && ` · ${say('hook.failures', { count: one.failures })}`}</p>}
        <div className="cell-actions">
          {one.active && <button type="button" className="btn btn-small" disabled={busy} onClick={() => void work(() => call(changePartner, { params: { id: one.id }, body: { active: true } }))}>{say('system.now')}</button>}
          <button type="button" className="btn btn-small" aria-expanded={opened === one.id} onClick={() => setOpened(opened === one.id ? null : one.id)}>{say('system.reports')}</button>
          <button type="button" className="btn btn-small" disabled={busy} onClick={() => void work(() => call(changePartner, { params: { id: one.id }, body: { active: !one.active } }))}>{say(one.active ? 'hook.rest' : 'hook.wake')}</button>
          <Removal label={say('remove')} sure={say('remove.sure')} busy={busy} remove={() => void work(() => call(removePartner, { params: { id: one.id }, query: {} }))} />
        </div>
        {opened === one.id && <Exchanged partner={one.id} changed={list.reload} />}
      </li>
    );
  };
  return (
    <section aria-label={say('systems')}>
      <div className="partner-head"><button type="button" className="btn" aria-expanded={adding} onClick={() => setAdding(!adding)}>{say('system.add')}</button></div>
      {adding && <div className="action-panel"><ActionForm
        title={say('system.add')} sources={programSource} cancel={() => setAdding(false)}
        input={{ type: 'object', required: ['name', 'url', 'account', 'services'], properties: {
          name: { type: 'string', maxLength: 60, title: say('system.name') }, url: { type: 'string', maxLength: 120, title: say('system.url') }, jurisdiction: { type: 'string', maxLength: 80, title: say('system.jurisdiction') },
          key: { type: 'string', maxLength: 120, title: say('system.key') }, account: { type: 'string', 'x-picker': 'account', title: say('program') }, services: { type: 'string', maxLength: 8000, title: say('system.services') },
          pull: { type: 'boolean', default: true, title: say('system.pull') }, push: { type: 'boolean', default: true, title: say('system.push') }, words: { type: 'boolean', title: say('system.words') },
        } }}
        send={async (input) => {
          const text = (name: string): string => (typeof input[name] === 'string' ? input[name].trim() : '');
          await call(addPartner, { body: {
            name: text('name'), url: text('url').replace(/\/+$/u, ''), account: text('account'), services: pairsOf(text('services')), direction: directionOf({ pull: input['pull'] === true, push: input['push'] === true }), words: input['words'] === true,
            ...(text('jurisdiction') && { jurisdiction: text('jurisdiction') }), ...(text('key') && { key: text('key') }),
          } });
          setAdding(false);
          list.reload();
        }} /></div>}
      {problem && <Failed problem={problem} />}
      <Await resource={list} lines={6}>
        {({ items }) => (items.length === 0 ? <Empty title={say('system.none')}>{say('system.none.words')}</Empty> : <ul className="partner-cards">{items.map(card)}</ul>)}
      </Await>
    </section>
  );
};
