import { useEffect, useId, useRef, useState } from 'react';
import { readPlate } from '../../../modules/components/rules/plate-codes.ts';
import { useSay } from '../texts.ts';
import { openDecoder } from './decode.ts';

/** Milliseconds between two looks. */
const pause = 200;

/** Reads a plate: with the camera, or by its number typed where there is no camera, no permission or too little light. */
export const Scan = ({ found }: { readonly found: (plate: string, way: 'plate' | 'typed') => void }) => {
  const say = useSay();
  const id = useId();
  const video = useRef<HTMLVideoElement>(null);
  const [looking, setLooking] = useState(false);
  const [failed, setFailed] = useState(false);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const tell = useRef(found);
  tell.current = found;
  useEffect(() => {
    if (!looking) return;
    let gone = false;
    let stream: MediaStream | null = null;
    const look = async (): Promise<void> => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
        const decode = await openDecoder();
        const element = video.current;
        if (gone || !element) return;
        element.srcObject = stream;
        await element.play();
        while (!gone) {
          const plate = readPlate((await decode(element)) ?? '');
          if (plate && !gone) { setLooking(false); tell.current(plate, 'plate'); return; }
          await new Promise((resolve) => setTimeout(resolve, pause));
        }
      } catch {
        if (!gone) { setFailed(true); setLooking(false); }
      }
    };
    void look();
    return () => {
      gone = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [looking]);
  const type = (): void => {
    const plate = readPlate(typed);
    setWrong(plate === null);
    if (plate !== null) { setTyped(''); tell.current(plate, 'typed'); }
  };
  return (
    <section className="block" aria-label={say('scan.title')}>
      {looking ? <><video ref={video} className="scan-view" muted playsInline aria-label={say('scan.looking')} /><button type="button" className="btn big" onClick={() => setLooking(false)}>{say('scan.stop')}</button></>
        : <button type="button" className="btn big" onClick={() => { setFailed(false); setLooking(true); }}>{say('scan.start')}</button>}
      {failed && <p className="note note-wait" role="alert">{say('scan.failed')}</p>}
      <form className="scan-typed" onSubmit={(event) => { event.preventDefault(); type(); }}>
        <label htmlFor={id}>{say('scan.type')}</label>
        <input id={id} className="field-input" value={typed} autoCapitalize="characters" autoComplete="off" spellCheck={false} maxLength={40} placeholder="K7M4-3QXP" {...(wrong && { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` })} onChange={(event) => { setTyped(event.currentTarget.value); setWrong(false); }} />
        <button type="submit" className="btn">{say('scan.typed')}</button>
      </form>
      {wrong && <p className="field-error" id={`${id}-wrong`} role="alert">{say('scan.wrong')}</p>}
    </section>
  );
};
