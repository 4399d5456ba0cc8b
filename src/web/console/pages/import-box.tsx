import { useRef, useState } from 'react';
import { DropZone, FileTrigger, Button, type FileDropItem } from 'react-aria-components';
import { Problem, upload } from '../../shared/client.ts';
import { useSay } from '../texts.ts';

interface Props<T> {
  /** Address of the import; the answer of a dry run has the same shape as that of the real one. */
  readonly address: (dryRun: boolean, file: string) => string;
  readonly accept: readonly string[];
  /** What an import did or would do, in words. */
  readonly words: (answer: T) => string;
  readonly done: () => void;
}

type Stage<T> =
  | { readonly name: 'none' }
  | { readonly name: 'checking' | 'importing'; readonly file: File }
  | { readonly name: 'checked' | 'done'; readonly file: File; readonly answer: T }
  | { readonly name: 'bad'; readonly file: File; readonly problem: Problem };

/** Lines of errors that are shown at once. */
const most = 100;

/** Takes a file, has it checked without writing, names every wrong line, and imports it on a second word. */
export const ImportBox = <T,>({ address, accept, words, done }: Props<T>) => {
  const say = useSay();
  const [stage, setStage] = useState<Stage<T>>({ name: 'none' });
  const turn = useRef(0);
  const run = async (file: File, dryRun: boolean): Promise<void> => {
    const mine = ++turn.current;
    setStage({ name: dryRun ? 'checking' : 'importing', file });
    try {
      const answer = await upload<T>(address(dryRun, file.name), file, 'application/octet-stream');
      if (mine !== turn.current) return;
      setStage({ name: dryRun ? 'checked' : 'done', file, answer });
      if (!dryRun) done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === turn.current) setStage({ name: 'bad', file, problem: error });
    }
  };
  const take = async (item: FileDropItem | undefined): Promise<void> => {
    if (item) await run(await item.getFile(), true);
  };
  return (
    <section className="import" aria-label={say('import.title')}>
      <DropZone className="drop" aria-label={say('import.title')} onDrop={(event) => void take(event.items.find((item): item is FileDropItem => item.kind === 'file'))}>
        <p>{stage.name === 'none' ? say('import.drop') : stage.name === 'checking' ? say('import.checking', { file: stage.file.name }) : stage.name === 'importing' ? say('import.doing') : stage.file.name}</p>
        <FileTrigger acceptedFileTypes={accept} onSelect={(files) => { const file = files?.[0]; if (file) void run(file, true); }}>
          <Button className="btn">{say(stage.name === 'none' ? 'import.choose' : 'import.other')}</Button>
        </FileTrigger>
      </DropZone>
      <div role="status">
        {(stage.name === 'checked' || stage.name === 'done') && (
          <div className="note note-done">
            <p className="strong">{say(stage.name === 'checked' ? 'import.ok' : 'import.done')}</p>
            <p>{words(stage.answer)}</p>
            {stage.name === 'checked' && <button type="button" className="btn btn-primary" onClick={() => void run(stage.file, false)}>{say('import.do')}</button>}
          </div>
        )}
      </div>
      {stage.name === 'bad' && (
        <div className="note note-late" role="alert">
          <p className="strong">{stage.problem.errors.length > 0 ? say('import.bad', { count: stage.problem.errors.length }) : stage.problem.title}</p>
          <p>{stage.problem.message}</p>
          {stage.problem.errors.length > 0 && (
            <table className="table">
              <thead><tr><th scope="col">{say('import.line')}</th><th scope="col">{say('import.rule')}</th></tr></thead>
              <tbody>{stage.problem.errors.slice(0, most).map((error, at) => <tr key={at}><td className="narrow number">{error.path}</td><td>{error.message}</td></tr>)}</tbody>
            </table>
          )}
        </div>
      )}
    </section>
  );
};
