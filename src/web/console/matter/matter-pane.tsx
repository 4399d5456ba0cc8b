import { useState } from 'react';
import { readMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { BackIcon } from '../../ui/icons.tsx';
import { Await } from '../../ui/states.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { Trace } from '../trace/trace.tsx';
import { isKey, useSay } from '../texts.ts';
import { Actions } from './actions.tsx';
import { ClockBox } from './clock-box.tsx';
import { DeviceAlarms } from './device-alarms.tsx';
import { Facts } from './facts.tsx';
import { Pictures } from './pictures.tsx';
import { Relations } from './relations.tsx';
import { PointMap } from '../../map/point-map.tsx';

const Head = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { matter } = page;
  const kindKey = `matter.kind.${matter.kind}`;
  return (
    <header className="matter-head">
      <p className="dim"><span className="number">{matter.number}</span> · {isKey(kindKey) ? say(kindKey) : matter.kind}{matter.code && ` · ${matter.code.name}`}</p>
      <h1 id="matter-title" tabIndex={-1}>{matter.title}</h1>
      <p className="matter-line">
        <Chip tone={toneOf(matter.state)}>{matter.stateLabel}</Chip>
        {matter.leadUnit && <span><span className="dim">{say('matter.lead')}</span> {matter.leadUnit.name}</span>}
        {matter.handler && <span><span className="dim">{say('matter.handler')}</span> {matter.handler.name}</span>}
        <a className="matter-print" href={`/api/matters/${matter.id}/sheet?lang=${language}`} target="_blank" rel="noreferrer">{say('matter.print')}</a>
      </p>
    </header>
  );
};

/** One matter and its trace: read anew whenever the ledger says that it moved. */
export const MatterPane = ({ id, back }: { readonly id: string; readonly back: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const [said, setSaid] = useState('');
  // Shown and not only read out: the case that was undone is gone from this page.
  const [undone, setUndone] = useState('');
  const page = useResource(`${language} ${id}`, (signal) => call(readMatter, { params: { id }, signal }), (news) => news.matter === id || news.matter === null && news.subject === 'matter');
  return (
    <>
      <section className="column matter" aria-labelledby="matter-title">
        <a className="back" href={back}><BackIcon />{say('matter.back')}</a>
        <p className={undone ? 'note note-done' : 'hidden-words'} role="status">{undone || said}</p>
        <Await resource={page} lines={9}>
          {(data) => (
            <article className="matter-body">
              <Head page={data} />
              <ClockBox clocks={data.clocks} />
              <div className="matter-middle">
                <PointMap point={data.matter.point} label={data.matter.place?.names.slice(-2).join(' · ') ?? ''} title={data.matter.title} tone={toneOf(data.matter.state)} />
                <div className="matter-facts">
                  <Facts page={data} />
                  <Pictures files={data.files} state={data.matter.state} />
                </div>
              </div>
              <Actions page={data} done={(label) => { setUndone(''); setSaid(say('matter.done', { action: label })); page.reload(); }} raced={page.reload} />
              {data.matter.kind === 'case' && <DeviceAlarms matter={data.matter.id} />}
              <Relations page={data} done={(words) => { setUndone(words); page.reload(); }} />
            </article>
          )}
        </Await>
      </section>
      <aside className="column trace" aria-label={say('trace.title')}>
        <Await resource={page} lines={10}>{(data) => <Trace page={data} />}</Await>
      </aside>
    </>
  );
};
