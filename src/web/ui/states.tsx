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

/** What failed, in the server's words, and a way to try again. */
export const Failed = ({ problem, retry }: { readonly problem: Problem; readonly retry?: () => void }) => {
  const say = useWebSay();
  return (
    <div className="note note-late" role="alert">
      <p className="strong">{problem.title || say(problem.status === 0 ? 'network.title' : 'failed.title')}</p>
      <p>{problem.message || say(problem.status === 0 ? 'network.detail' : 'failed.detail')}</p>
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
