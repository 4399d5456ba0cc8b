import { useState } from 'react';
import { explainDispatch, readDispatchRules } from '../../../../modules/cases/contract/routes.ts';
import { listMatters, type MatterItem } from '../../../../modules/matters/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useRemaining } from '../../../shared/time.tsx';
import { Await, Empty } from '../../../ui/states.tsx';
import { DueWhy } from '../../inbox/due-why.tsx';
import { useSay } from '../../texts.ts';
import { DispatchRules } from './dispatch-rules.tsx';
import { PageFrame } from '../table.tsx';

/** One case that waits: what the rules say about it, and what kept every earlier rule from fitting. */
const WaitingCase = ({ item }: { readonly item: MatterItem }) => {
  const say = useSay();
  const { language } = useLanguage();
  const remaining = useRemaining();
  const [open, setOpen] = useState(false);
  const why = useResource(`${language} ${item.id} ${item.version}`, (signal) => call(explainDispatch, { params: { id: item.id }, signal }), (news) => news.kind === 'dispatch_rules' || news.kind === 'rules');
  const { words, urgency } = remaining(item.clock);
  return (
    <li className="wait-card">
      <p className="wait-head"><b>{item.title}</b><span className={urgency === 'late' ? 'late-words' : urgency === 'warn' ? 'warn-words' : 'dim'}>{words}</span>{item.clock && <DueWhy matter={item.id} words={words} />}</p>
      <p className="dim"><span className="number">{item.number}</span> · {item.place?.names.slice(-2).join(' · ')}{item.code && ` · ${item.code.name}`}</p>
      <Await resource={why} lines={1}>
        {(data) => (
          <>
            <p>{data.unit ? <b>{say('dispatch.would', { unit: data.unit.name })}</b> : <span className="warn-words">{say('dispatch.would.none')}</span>} {data.words && <span className="dim">{data.words}</span>}</p>
            {open && <ul className="misses">{data.misses.map((miss) => <li key={miss.order}>{say('dispatch.miss', { order: miss.order, words: miss.words, because: miss.because })}</li>)}</ul>}
            <p className="cell-actions">
              <a className="btn btn-small btn-primary" href={hrefOf(['inbox', item.id], { box: 'todo' })}>{say('dispatch.open')}</a>
              {data.misses.length > 0 && <button type="button" className="btn btn-small" aria-expanded={open} onClick={() => setOpen(!open)}>{say('dispatch.why')}</button>}
            </p>
          </>
        )}
      </Await>
    </li>
  );
};

/** What waits to be sent to a unit, with the rules' own explanation, beside the rules themselves. */
const Dispatch = () => {
  const say = useSay();
  const { language } = useLanguage();
  const list = usePaged(language, (after, signal) => call(listMatters, { query: { box: 'all', kind: 'case', state: 'filed', limit: 20, ...(after && { after }) }, signal }), (news) => news.subject === 'matter');
  const rules = useResource(`${language} rules`, (signal) => call(readDispatchRules, { signal }), (news) => news.subject === 'config');
  return (
    <PageFrame title={say('dispatch.title')}>
      <div className="halves">
        <section aria-labelledby="waiting-title">
          <h2 id="waiting-title">{say('dispatch.waiting')}</h2>
          <Await resource={list} lines={8}>
            {({ items, next }) => items.length === 0 ? <Empty title={say('dispatch.none')}>{say('dispatch.none.words')}</Empty> : (
              <>
                <ul className="stack">{items.map((item) => <WaitingCase key={item.id} item={item} />)}</ul>
                {next && <p className="rows-end"><button type="button" className="btn" onClick={list.more}>{say('list.more')}</button></p>}
              </>
            )}
          </Await>
        </section>
        <section aria-labelledby="rules-title">
          <h2 id="rules-title">{say('dispatch.rules')}</h2>
          <p className="dim">{say('dispatch.rules.words')}</p>
          <Await resource={rules} lines={8}>{(data) => <DispatchRules key={data.version} version={data.version} rules={data.rules} saved={rules.reload} />}</Await>
        </section>
      </div>
    </PageFrame>
  );
};

export default Dispatch;
