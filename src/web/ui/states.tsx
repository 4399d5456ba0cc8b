import type { ReactNode } from 'react';
import type { Problem } from '../shared/client.ts';
import { useWebSay } from '../shared/language.tsx';
import { Lantern } from './lantern.tsx';

/** Grey lines in the place of what is being read; said once to those who listen. */
export const Loading = ({ lines = 6 }: { readonly lines?: number }) => {
  const say = useWebSay();
  return (
    <div className="loading" role="status">
      {Array.from({ length: lines }, (_, line) => <i key={line} />)}
      <span className="hidden-words">{say('loading')}</span>
    </div>
  );
};

/** What happened to something that did not come about: the server's words, or those for a phone that is full or a network that is away. */
export const problemWords = (say: ReturnType<typeof useWebSay>, { status, reason, title, message }: Problem): { readonly title: string; readonly detail: string } => {
  const here = reason === 'field.full' || reason === 'field.full_step' ? 'full' : status === 0 ? 'network' : 'failed';
  return { title: title || say(`${here}.title`), detail: message || say(here === 'full' ? (reason === 'field.full' ? 'full.picture' : 'full.step') : `${here}.detail`) };
};

/** What failed, in the server's words, and a way to try again. */
export const Failed = ({ problem, retry }: { readonly problem: Problem; readonly retry?: () => void }) => {
  const say = useWebSay();
  const { title, detail } = problemWords(say, problem);
  return (
    <div className="note note-late" role="alert">
      <p className="strong">{title}</p>
      <p>{detail}</p>
      {retry && <button type="button" className="btn btn-small" onClick={retry}>{say('again')}</button>}
    </div>
  );
};

/** A list that has nothing, and what that means. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <div className="empty">
    <Lantern />
    <p className="strong">{title}</p>
    {children && <p>{children}</p>}
  </div>
);

/** One of three: reading, failed with nothing to show, or the thing itself (with a line above it when a newer reading failed). */
export const Await = <T,>({ resource, lines, children }: { readonly resource: { data: T | null; problem: Problem | null; loading: boolean; reload: () => void }; readonly lines?: number; readonly children: (data: T) => ReactNode }) => {
  if (resource.data === null) return resource.problem ? <Failed problem={resource.problem} retry={resource.reload} /> : <Loading {...(lines !== undefined && { lines })} />;
  return (
    <>
      {resource.problem && <Failed problem={resource.problem} retry={resource.reload} />}
      {children(resource.data)}
    </>
  );
};
