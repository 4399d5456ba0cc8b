import { useId, useRef, useState } from 'react';
import { Problem } from '../../shared/client.ts';
import { useWebSay } from '../../shared/language.tsx';
import { usePictureStore } from '../../shared/pictures/picture-store.tsx';
import { CameraIcon, CrossIcon } from '../icons.tsx';
import { problemWords } from '../states.tsx';

interface Props {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (blobs: readonly string[]) => void;
  readonly many: boolean;
  /** The camera is what is wanted first, on devices that have one. */
  readonly camera?: boolean;
}

/** Takes pictures, shrinks and stores each at once, and shows what has been stored. */
export const PictureField = ({ label, value, onChange, many, camera = false }: Props) => {
  const say = useWebSay();
  const store = usePictureStore();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (files: readonly File[]): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const stored: string[] = [];
      for (const file of many ? files : files.slice(0, 1)) stored.push(await store.keep(file));
      onChange(many ? [...value, ...stored] : stored);
    } catch (error) {
      if (error instanceof Problem) setProblem(error);
      else throw error;
    } finally {
      setBusy(false);
      if (input.current) input.current.value = '';
    }
  };
  return (
    <div className="field picture-field">
      <label className="field-label" htmlFor={id}>{label}</label>
      <ul className="thumbs">
        {value.map((blob) => (
          <li key={blob}>
            <img src={store.address(blob)} alt={say('picture.stored')} />
            <button type="button" className="thumb-away" aria-label={say('picture.away')} onClick={() => onChange(value.filter((each) => each !== blob))}><CrossIcon /></button>
          </li>
        ))}
        <li className="thumb-add" data-busy={busy || undefined}>
          <CameraIcon />
          <span>{say(busy ? 'picture.storing' : value.length > 0 && !many ? 'picture.other' : 'picture.take')}</span>
          <input ref={input} id={id} type="file" accept="image/*" multiple={many} disabled={busy} {...(camera && { capture: 'environment' as const })} onChange={(event) => void take([...(event.currentTarget.files ?? [])])} />
        </li>
      </ul>
      {problem && <p className="field-error" role="alert">{problemWords(say, problem).detail}</p>}
    </div>
  );
};
