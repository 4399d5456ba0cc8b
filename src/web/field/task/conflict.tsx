import { useState } from 'react';
import { readMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call } from '../../shared/client.ts';
import { pictureAddress } from '../../shared/pictures/pictures.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { useWebSay } from '../../shared/language.tsx';
import { actorWords } from '../../ui/actor.ts';
import { Chip, toneOf } from '../../ui/status.tsx';
import { useKept } from '../phone/answers.ts';
import type { Waiting } from '../phone/kept.ts';
import { keptAddress, picturesIn } from '../phone/pictures.ts';
import { sendAsNote, takeBack } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';

/** Words that somebody wrote into an action. */
const wordsIn = (input: Waiting['input']): string[] => Object.entries(input).flatMap(([name, value]) => (['note', 'reason', 'text'].includes(name) && typeof value === 'string' && value !== '' ? [value] : []));

/** What I did, as the phone has it. */
const Mine = ({ row }: { readonly row: Waiting }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const pictures = picturesIn(row.input).flatMap((id) => (keptAddress(id) ? [keptAddress(id)] : []));
  return (
    <section aria-label={say('conflict.mine')}>
      <h3>{say('conflict.mine')}</h3>
      <p className="strong">{row.label}</p>
      <p className="dim">{moment(new Date(row.madeAt).toISOString())}</p>
      {row.corrected !== 0 && <p className="dim">{say('clock.corrected')}</p>}
      {wordsIn(row.input).map((words) => <p key={words} className="task-words">{words}</p>)}
      {pictures.length > 0 && <ul className="thumbs">{pictures.map((address) => <li key={address}><img src={address} alt={say('conflict.photo')} /></li>)}</ul>}
    </section>
  );
};

/** What happened to the matter since I saw it. */
const Theirs = ({ page, basis }: { readonly page: MatterPage; readonly basis: number | null }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { moment } = useTimeWords();
  const since = page.timeline.filter((item) => item.version > (basis ?? 0)).sort((a, b) => a.version - b.version);
  return (
    <section aria-label={say('conflict.theirs')}>
      <h3>{say('conflict.theirs')}</h3>
      <p><Chip tone={toneOf(page.matter.state)}>{page.matter.stateLabel}</Chip></p>
      {since.length === 0 && <p className="dim">{say('conflict.theirs.none')}</p>}
      <ol className="conflict-steps">
        {since.map((item) => (
          <li key={item.version}>
            <p className="strong">{item.label}</p>
            <p className="dim">{actorWords(webSay, item.actor)} · {moment(item.at)}</p>
            {item.texts.map((text) => <p key={text.name} className="task-words">{text.text ?? say('task.erased')}</p>)}
            {item.files.length > 0 && <ul className="thumbs">{item.files.map((file) => <li key={file.blob}><img src={pictureAddress(file.blob, 320)} alt={say('conflict.photo')} /></li>)}</ul>}
          </li>
        ))}
      </ol>
    </section>
  );
};

const OfMatter = ({ row, matter }: { readonly row: Waiting; readonly matter: string }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const page = useKept(`matter ${matter}`, (signal) => call(readMatter, { params: { id: matter }, signal }), (news) => news.matter === matter);
  const [left, setLeft] = useState(false);
  const value = page.data?.value;
  const note = value?.actions.find(({ name }) => name === 'note');
  const asNote = (): Promise<void> => sendAsNote(row.op, note?.label ?? row.label, [say('conflict.asnote', { action: row.label, when: moment(new Date(row.madeAt).toISOString()) }), ...wordsIn(row.input)].join('\n').slice(0, 2_000));
  return (
    <>
      <div className="conflict-sides">
        <Mine row={row} />
        {value ? <Theirs page={value} basis={row.basis} /> : <section><h3>{say('conflict.theirs')}</h3><p className="dim">{say(page.problem ? 'conflict.unseen' : 'conflict.reading')}</p></section>}
      </div>
      {left ? <p className="dim" role="status">{say('conflict.left')}</p> : (
        <div className="stack">
          {note && <button type="button" className="btn btn-primary big" onClick={() => void asNote()}>{say('conflict.note')}</button>}
          <button type="button" className="btn big" onClick={() => void takeBack(row.op)}>{say('conflict.back')}</button>
          <button type="button" className="btn big" onClick={() => setLeft(true)}>{say('conflict.leave')}</button>
        </div>
      )}
    </>
  );
};

/** An action that the server did not accept: both sides next to each other, and what can be done about it. Nothing goes by itself. */
export const Conflict = ({ row }: { readonly row: Waiting }) => {
  const say = useSay();
  return (
    <article className="conflict" aria-label={say('conflict.title', { action: row.label })} data-op={row.op}>
      <h2>{say('conflict.title', { action: row.label })}</h2>
      <p className="dim">{row.title}</p>
      <p className="note note-late">{row.refused?.words}</p>
      {row.matter !== null ? <OfMatter row={row} matter={row.matter} /> : <><Mine row={row} /><button type="button" className="btn big" onClick={() => void takeBack(row.op)}>{say('conflict.back')}</button></>}
    </article>
  );
};
