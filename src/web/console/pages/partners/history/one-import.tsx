import { useEffect, useState } from 'react';
import { checkImport, listMappings, readImport, readTitles, turnImport, type ImportView } from '../../../../../modules/history/contract.ts';
import { call } from '../../../../shared/client.ts';
import { useLanguage } from '../../../../shared/language.tsx';
import { useResource } from '../../../../shared/resource.ts';
import { hrefOf } from '../../../../shared/router.ts';
import { useTimeWords } from '../../../../shared/time.tsx';
import { Await, Failed } from '../../../../ui/states.tsx';
import { useWork } from '../parts.tsx';
import { Findings } from './findings.tsx';
import { MappingForm } from './mapping-form.tsx';
import { SendingBox } from './sending-box.tsx';
import { percentOf } from './sending.ts';
import { StateChip } from './state-chip.tsx';
import { useHistorySay } from './texts.ts';

/** How often what a worker does is looked at, in milliseconds. */
const every = 1_000;

const Bar = ({ share, words }: { readonly share: number; readonly words: string }) => {
  const say = useHistorySay();
  return <div className="history-progress"><p role="status">{words}</p><progress max={100} value={Math.floor(share * 100)} aria-label={say('progress')} /></div>;
};

/** Which mapping a file is read by, and the way to change it. */
const Mapped = ({ one, changed }: { readonly one: ImportView; readonly changed: () => void }) => {
  const say = useHistorySay();
  const { language } = useLanguage();
  const [chosen, setChosen] = useState<string | null>(one.mapping === null ? null : `${one.mapping} ${one.mappingVersion}`);
  const [editing, setEditing] = useState(false);
  const titles = useResource(`${language} ${one.id} titles`, (signal) => call(readTitles, { params: { id: one.id }, query: {}, signal }));
  const mappings = useResource(`${language} mappings`, (signal) => call(listMappings, { query: {}, signal }), (news) => news.kind === 'history');
  const { problem, busy, work } = useWork(changed);
  const fits = titles.data?.fits ?? null;
  const items = mappings.data?.items ?? [];
  const picked = items.find(({ name, version }) => `${name} ${version}` === chosen) ?? items.find(({ name }) => name === fits) ?? items[0];
  const check = (mapping: string, version: number): Promise<void> => work(() => call(checkImport, { params: { id: one.id }, body: { mapping, version } }));
  return (
    <section className="history-step" aria-labelledby="history-map">
      <h2 id="history-map">{say('step.map')}</h2>
      {problem && <Failed problem={problem} />}
      <Await resource={titles} lines={4}>{({ titles: columns }) => (
        <Await resource={mappings} lines={2}>{() => picked && <>
          <div className="history-choose">
            <div className="field"><label htmlFor="history-mapping">{say('map.choose')}</label>
              <select id="history-mapping" value={`${picked.name} ${picked.version}`} onChange={(event) => { setChosen(event.currentTarget.value); setEditing(false); }}>
                {items.map(({ name, version, title }) => <option key={`${name} ${version}`} value={`${name} ${version}`}>{version === 0 ? say('mapping.shipped', { name: title }) : say('mapping.version', { name: title, version })}{name === fits ? ` · ${say('map.fits')}` : ''}</option>)}
              </select></div>
            <button type="button" className="btn" aria-expanded={editing} onClick={() => setEditing(!editing)}>{say('map.edit')}</button>
            {!editing && <button type="button" className="btn btn-primary" disabled={busy} onClick={() => void check(picked.name, picked.version)}>{say(one.report || one.error ? 'check.again' : 'check')}</button>}
          </div>
          {editing && <MappingForm
            key={`${picked.name} ${picked.version} ${one.report ? 'found' : ''}`} from={picked} taken={items} columns={columns} problems={one.report?.problems ?? []}
            saved={(item) => { setChosen(`${item.name} ${item.version}`); setEditing(false); mappings.reload(); void check(item.name, item.version); }} />}
        </>}</Await>
      )}</Await>
    </section>
  );
};

/** What can be done with an import as it stands, and how far it is. */
const Standing = ({ one, changed }: { readonly one: ImportView; readonly changed: () => void }) => {
  const say = useHistorySay();
  const { problem, busy, work } = useWork(changed);
  const [sure, setSure] = useState(false);
  const turn = (way: 'start' | 'pause' | 'resume' | 'cancel', leaveOut = false): void => void work(() => call(turnImport, { params: { id: one.id }, body: { turn: way, ...(leaveOut && { leaveOut }) } }));
  const fresh = one.rows - one.refused - one.known;
  const percent = Math.floor(one.share * 100);
  const open = !['done', 'cancelled', 'broken'].includes(one.state);
  return (
    <section className="history-step" aria-label={say('step.land')}>
      {problem && <Failed problem={problem} />}
      {one.state === 'checking' && <Bar share={one.share} words={say('checking', { rows: one.rows, percent })} />}
      {one.state === 'running' && <Bar share={one.share} words={say('running', { added: one.added, percent })} />}
      {one.state === 'paused' && <Bar share={one.share} words={say('paused', { added: one.added })} />}
      {one.state === 'done' && <div className="note note-done" role="status"><p>{say('done', { added: one.added, known: one.known, refused: one.refused })}</p></div>}
      {one.state === 'cancelled' && <div className="note" role="status"><p>{say('cancelled', { added: one.added })}</p></div>}
      {one.state === 'failed' && <div className="note note-late" role="alert"><p>{say('failed', { words: one.error ?? '' })}</p></div>}
      {one.state === 'checked' && <>
        <h2>{say('step.land')}</h2>
        {fresh === 0 && <p>{say('start.none')}</p>}
      </>}
      {open && <div className="cell-actions">
        {one.state === 'checked' && fresh > 0 && <button type="button" className="btn btn-primary" disabled={busy} onClick={() => turn('start', one.refused > 0)}>{one.refused > 0 ? say('start.leaveout', { refused: one.refused, count: fresh }) : say('start', { count: fresh })}</button>}
        {one.state === 'running' && <button type="button" className="btn" disabled={busy} onClick={() => turn('pause')}>{say('pause')}</button>}
        {(one.state === 'paused' || (one.state === 'failed' && one.added > 0)) && <button type="button" className="btn btn-primary" disabled={busy} onClick={() => turn('resume')}>{say('resume')}</button>}
        {sure ? <>
          <button type="button" className="btn" disabled={busy} onClick={() => { setSure(false); turn('cancel'); }}>{say('cancel.sure')}</button>
          <button type="button" className="btn" onClick={() => setSure(false)}>{say('keep')}</button>
        </> : <button type="button" className="btn btn-quiet" onClick={() => setSure(true)}>{say('cancel')}</button>}
      </div>}
    </section>
  );
};

/** One import from its file to its end: which column is what, what the check found, and taking it in. */
export const OneImport = ({ id }: { readonly id: string }) => {
  const say = useHistorySay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const one = useResource(`${language} import ${id}`, (signal) => call(readImport, { params: { id }, query: {}, signal }), (news) => news.kind === 'history');
  const { reload } = one;
  const moves = one.data !== null && ['checking', 'running', 'uploading'].includes(one.data.state);
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => { if (document.visibilityState === 'visible') reload(); }, every);
    return () => clearInterval(timer);
  }, [moves, reload]);
  return (
    <div className="stack">
      <p className="settings-up"><a href={hrefOf(['partners', 'history'])}>{say('back')}</a></p>
      <Await resource={one} lines={8}>{(now) => <>
        <header className="history-head"><h2>{now.file}<StateChip state={now.state} /></h2><p className="dim">{[now.author, moment(now.at), ...(now.endedAt ? [moment(now.endedAt)] : [])].join(' · ')}</p></header>
        {now.state === 'uploading' && <section className="history-step" aria-label={say('begun')}>
          <p>{say('begun.one', { file: now.file, percent: percentOf(now) })}</p>
          <SendingBox begun={now} sent={reload} />
        </section>}
        {['uploaded', 'checked', 'failed'].includes(now.state) && now.added === 0 && <Mapped one={now} changed={reload} />}
        {now.report && now.state !== 'checking' && <Findings one={now} />}
        <Standing one={now} changed={reload} />
      </>}</Await>
    </div>
  );
};
