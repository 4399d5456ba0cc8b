import { useId, useState } from 'react';
import { metresBetween } from '../../../base/geo/geometry.ts';
import { showPlate } from '../../../modules/components/rules/plate-codes.ts';
import type { CarriedComponent } from '../../../modules/rounds/contract/pack.ts';
import { Problem } from '../../shared/client.ts';
import { distanceWords } from '../../shared/format.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useSession } from '../../shared/session.tsx';
import { PictureField } from '../../ui/forms/picture-field.tsx';
import { Failed } from '../../ui/states.tsx';
import { Choices } from '../report/choices.tsx';
import { useAlong } from '../phone/along.ts';
import { useHere } from '../phone/here.ts';
import { send } from '../sending/outbox.ts';
import { useSay } from '../texts.ts';
import { Scan } from './scan.tsx';

/** Components that are offered at a time. */
const offered = 8;

/** Hanging a plate up: scan it, say at which component, a photo if one likes. Works without a network and is sent once. */
export const Hang = () => {
  const say = useSay();
  const id = useId();
  const { language } = useLanguage();
  const { session } = useSession();
  const { components = [] } = useAlong();
  const here = useHere();
  const [plate, setPlate] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const [code, setCode] = useState('');
  const [photos, setPhotos] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const typed = words.trim();
  const away = (one: CarriedComponent): number | null => (here ? metresBetween(here.lng, here.lat, one.lng, one.lat) : null);
  const its = components.find((one) => one.plate !== null && one.plate === plate);
  const near = components.filter((one) => typed === '' || one.name.includes(typed) || one.code.startsWith(typed))
    .sort((a, b) => Number(b === its) - Number(a === its) || (away(a) ?? 0) - (away(b) ?? 0)).slice(0, offered);
  const found = (scanned: string): void => {
    setPlate(scanned);
    setSaid(null);
    setProblem(null);
    setCode(components.find((one) => one.plate === scanned)?.code ?? '');
  };
  const hang = async (): Promise<void> => {
    const component = components.find((one) => one.code === code);
    if (busy || plate === null || !component) return;
    setBusy(true);
    setProblem(null);
    try {
      const sent = await send({
        account: session.id, title: component.name, label: say('hang.label'), target: 'plate', thread: plate, matter: null, basis: null, action: 'attach',
        input: { code, ...(photos[0] !== undefined && { photo: photos[0] }) },
      });
      setSaid(say(sent === 'waiting' ? 'hang.kept' : 'hang.done', { plate: showPlate(plate), name: component.name }));
      setPlate(null);
      setCode('');
      setWords('');
      setPhotos([]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="page-head"><h1>{say('hang.title')}</h1></div>
      {said && <p className="note note-done" role="status">{said}</p>}
      {plate === null ? <><p className="dim">{say('hang.how')}</p><Scan found={found} /></> : (
        <form className="block" onSubmit={(event) => { event.preventDefault(); void hang(); }}>
          <p>{say('hang.plate')} <b className="number">{showPlate(plate)}</b></p>
          {its && <p className="note">{say('hang.its', { name: its.name })}</p>}
          <div className="field"><label htmlFor={`${id}-words`}>{say('hang.find')}</label><input id={`${id}-words`} type="search" maxLength={40} value={words} onChange={(event) => setWords(event.currentTarget.value)} /></div>
          {near.length === 0 ? <p className="note note-wait">{say('hang.none')}</p> : <Choices question={say('hang.which')} value={code} choose={setCode} rows={near.map((one) => ({ id: one.code, name: one.name, note: [one.className, away(one) === null ? '' : say('tasks.away', { distance: distanceWords(language, away(one)!) }), one.plate === null ? '' : say('hang.has', { plate: showPlate(one.plate) })].filter(Boolean).join(' · ') }))} />}
          <PictureField label={say('hang.photo')} value={photos} many={false} camera onChange={setPhotos} />
          {problem && <Failed problem={problem} />}
          <button type="submit" className="btn btn-primary big" aria-disabled={busy || code === ''}>{say('hang.do')}</button>
          <button type="button" className="btn big" onClick={() => { setPlate(null); setProblem(null); }}>{say('hang.other')}</button>
        </form>
      )}
    </>
  );
};
