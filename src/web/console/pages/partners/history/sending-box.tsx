import { useState } from 'react';
import { Button, DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import { mostBytes } from '../../../../../modules/history/contract.ts';
import { Problem } from '../../../../shared/client.ts';
import { OtherFile, sendFile, type Begun } from './sending.ts';
import { useHistorySay } from './texts.ts';

const accepted = ['.csv', '.tsv', '.txt', '.xlsx'];

/**
 * Takes a file and sends it piece by piece.
 * @param begun an upload that broke off: only its file is taken, and gone on with
 * @param unfinished uploads that broke off: a file that has the name and the length of one is gone on with if it is the same
 */
export const SendingBox = ({ begun = null, unfinished = [], sent }: { readonly begun?: Begun | null; readonly unfinished?: readonly Begun[]; readonly sent: (id: string) => void }) => {
  const say = useHistorySay();
  const [sending, setSending] = useState<{ readonly file: File; readonly share: number; readonly begun: Begun | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const send = async (file: File, from: Begun | null): Promise<void> => {
    setProblem(null);
    setWrong(null);
    if (file.size === 0) return setWrong(say('empty.file'));
    if (file.size > mostBytes) return setWrong(say('too.large', { size: Math.ceil(file.size / 1_048_576) }));
    setSending({ file, share: 0, begun: from });
    try {
      sent(await sendFile(file, from, (now, share) => setSending({ file, share, begun: now })));
    } catch (error) {
      if (error instanceof OtherFile) {
        if (begun === null) return send(file, null);
        setSending(null);
        return setWrong(say('begun.other'));
      }
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const take = (file: File): void => void send(file, begun ?? unfinished.find((one) => one.file === file.name && one.bytes === file.size) ?? null);
  const percent = Math.floor((sending?.share ?? 0) * 100);
  return (
    <section className="import" aria-label={say('new')}>
      <DropZone className="drop" aria-label={say('new')} onDrop={(event) => { const item = event.items.find((one): one is FileDropItem => one.kind === 'file'); if (item) void item.getFile().then(take); }}>
        {sending && !problem
          ? <div className="history-progress"><p role="status">{say('sending', { file: sending.file.name, percent })}</p><progress max={100} value={percent} aria-label={say('progress')} /></div>
          : <>
            <p>{say('drop')}</p>
            <FileTrigger acceptedFileTypes={accepted} onSelect={(files) => { const file = files?.[0]; if (file) take(file); }}><Button className="btn btn-primary">{say(begun ? 'begun.choose' : 'choose')}</Button></FileTrigger>
            {!begun && <p className="field-hint">{say('new.hint')}</p>}
          </>}
      </DropZone>
      {wrong && <p className="field-error" role="alert">{wrong}</p>}
      {problem && <div className="note note-late" role="alert"><p>{say('sending.failed', { words: problem.message || problem.title || String(problem.status) })}</p>{sending && <button type="button" className="btn btn-small" onClick={() => void send(sending.file, sending.begun)}>{say('sending.again')}</button>}</div>}
    </section>
  );
};
