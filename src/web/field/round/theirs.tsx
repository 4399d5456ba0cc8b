import { useId, useState } from 'react';
import { readTheirs } from '../../../modules/rounds/contract/visits.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { call, Problem } from '../../shared/client.ts';
import { useSession } from '../../shared/session.tsx';
import { useTimeWords } from '../../shared/time.tsx';
import { PictureField } from '../../ui/forms/picture-field.tsx';
import { Await, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { Age } from '../phone/age.tsx';
import { useKept } from '../phone/answers.ts';
import { send } from '../sending/outbox.ts';
import { Choices } from '../report/choices.tsx';
import { useSay } from '../texts.ts';

/** A resident who is acted for, as the phone knows them. */
export interface For {
  readonly consent: string;
  readonly name: string;
}

type Case = ResponseOf<typeof readTheirs>['items'][number];
type Doing = Case['may'][number];

const levels = ['5', '4', '3', '2', '1'] as const;

/** Adding, rating or asking for reopening, in the resident's own words. */
const Do = ({ whom, about, doing, ended, cancel }: { readonly whom: For; readonly about: Case; readonly doing: Doing; readonly ended: (words: string) => void; readonly cancel: () => void }) => {
  const say = useSay();
  const id = useId();
  const { session } = useSession();
  const [words, setWords] = useState('');
  const [stars, setStars] = useState('');
  const [blobs, setBlobs] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const text = words.trim();
  const whole = doing === 'rate' ? stars !== '' : text !== '';
  const submit = async (): Promise<void> => {
    if (!whole || busy) return;
    setBusy(true);
    setProblem(null);
    const input = doing === 'rate' ? { stars: Number(stars), ...(text && { text }) } : doing === 'note' ? { text, ...(blobs.length > 0 && { blobs }) } : { reason: text };
    try {
      const done = await send({
        account: session.id, title: about.title, label: say(`proxy.do.${doing}`), target: 'proxy', thread: about.id, matter: null, basis: null, action: doing,
        input: { consent: whom.consent, do: doing, matter: about.id, input },
      });
      ended(done === 'waiting' ? say('proxy.kept') : say(`proxy.did.${doing}`, { number: about.number }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <form className="stack" aria-label={say(`proxy.do.${doing}`)} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      {doing === 'rate' && <Choices question={say('proxy.stars')} value={stars} choose={setStars} rows={levels.map((level) => ({ id: level, name: say(`proxy.stars.${level}`), note: '' }))} />}
      <div className="field">
        <label htmlFor={`${id}-words`}>{say(doing === 'askReopen' ? 'proxy.why' : doing === 'rate' ? 'proxy.remark' : 'proxy.text')}</label>
        <textarea id={`${id}-words`} rows={3} maxLength={doing === 'note' ? 2000 : 500} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
      </div>
      {doing === 'note' && <PictureField label={say('report.photo')} value={blobs} many camera onChange={setBlobs} />}
      {problem && <Failed problem={problem} />}
      <button type="submit" className="btn btn-primary big" aria-disabled={!whole || busy}>{say(`proxy.do.${doing}`)}</button>
      <button type="button" className="btn big" onClick={cancel}>{say('proxy.back')}</button>
    </form>
  );
};

/** What a resident has reported, and what can be done about each for them. */
export const Theirs = ({ whom, said }: { readonly whom: For; readonly said: (words: string) => void }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const [open, setOpen] = useState<{ readonly id: string; readonly doing: Doing } | null>(null);
  const list = useKept(`theirs ${whom.consent}`, (signal) => call(readTheirs, { params: { consent: whom.consent }, signal }));
  return (
    <section aria-labelledby="theirs">
      <h2 id="theirs">{say('proxy.theirs', { name: whom.name })}</h2>
      <Await resource={list} lines={3}>
        {({ value, keptAt }) => (
          <>
            <Age at={keptAt} />
            {value.items.length === 0 && <p className="dim">{say('proxy.none')}</p>}
            <ul className="task-list">
              {value.items.map((about) => (
                <li key={about.id} className="block" data-matter={about.id}>
                  <p className="strong">{about.title}</p>
                  <p className="dim">{about.number} · {moment(about.at)}</p>
                  <p><Chip tone={about.state === 'closed' ? 'done' : 'wait'}>{about.stateLabel}</Chip>{levels.filter((level) => level === String(about.stars)).map((level) => <span key={level} className="dim"> {say('proxy.rated')}{say(`proxy.stars.${level}`)}</span>)}</p>
                  {open?.id === about.id
                    ? <Do whom={whom} about={about} doing={open.doing} cancel={() => setOpen(null)} ended={(words) => { setOpen(null); said(words); list.reload(); }} />
                    : about.may.map((doing) => <button key={doing} type="button" className="btn big" data-do={doing} onClick={() => setOpen({ id: about.id, doing })}>{say(`proxy.do.${doing}`)}</button>)}
                </li>
              ))}
            </ul>
          </>
        )}
      </Await>
    </section>
  );
};
