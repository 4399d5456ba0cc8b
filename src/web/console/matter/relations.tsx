import { useState } from 'react';
import { readMatter, type MatterPage } from '../../../modules/matters/contract.ts';
import { call, Problem } from '../../shared/client.ts';
import { hrefOf } from '../../shared/router.ts';
import { useSession } from '../../shared/session.tsx';
import { Failed } from '../../ui/states.tsx';
import { Chip, toneOf } from '../../ui/status.tsx';
import { useSay } from '../texts.ts';
import { TakeAction } from './take-action.tsx';

type Related = MatterPage['related'][number]['item'];

/** A case that was merged into the one that is shown, with the way to undo that. */
const Unmerge = ({ item, done }: { readonly item: Related; readonly done: () => void }) => {
  const say = useSay();
  const [action, setAction] = useState<MatterPage['actions'][number] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refused, setRefused] = useState(false);
  const ask = async (): Promise<void> => {
    if (action) return setAction(null);
    setProblem(null);
    try {
      const found = (await call(readMatter, { params: { id: item.id } })).actions.find(({ name }) => name === 'unmerge');
      setRefused(!found);
      setAction(found ?? null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <>
      <button type="button" className="btn btn-small" aria-expanded={action !== null} aria-label={`${say('matter.unmerge')}: ${item.number}`} onClick={() => void ask()}>{say('matter.unmerge')}</button>
      {refused && <p className="note note-gap">{say('matter.unmerge.not')}</p>}
      {problem && <Failed problem={problem} />}
      {action && <TakeAction matter={item.id} action={action} title={`${action.label} · ${item.number}`} cancel={() => setAction(null)} done={() => { setAction(null); done(); }} />}
    </>
  );
};

/** What a case stands to: what it was split from or into, linked to, and what was merged into it, which the desk can undo here. */
export const Relations = ({ page, done }: {
  readonly page: MatterPage;
  /** A merge was undone: in words. */
  readonly done: (words: string) => void;
}) => {
  const say = useSay();
  const { session } = useSession();
  const desk = session?.grants.some(({ role }) => role === 'intake' || role === 'dispatcher') ?? false;
  return (
    <>
      {page.related.length > 0 && (
        <section className="children">
          <h2>{say('matter.related')}</h2>
          <ul>{page.related.map(({ relation, label, item }) => (
            <li key={`${relation} ${item.id}`}>
              <span className="dim">{label}</span> <a href={hrefOf(['inbox', item.id], { box: 'all' })}><span className="number">{item.number}</span> {item.title}</a> <Chip tone={toneOf(item.state)}>{item.stateLabel}</Chip>
              {desk && relation === 'merged' && item.state === 'merged' && <Unmerge item={item} done={() => done(say('queue.unmerged', { number: item.number }))} />}
            </li>
          ))}</ul>
        </section>
      )}
      {page.children.length > 0 && (
        <section className="children">
          <h2>{say('matter.children')}</h2>
          <ul>{page.children.map((child) => <li key={child.id}><a href={hrefOf(['inbox', child.id], { box: 'all' })}>{child.kind === page.matter.kind ? `${child.number} ${child.title}` : (child.leadUnit?.name ?? child.title)}</a> <Chip tone={toneOf(child.state)}>{child.stateLabel}</Chip></li>)}</ul>
        </section>
      )}
    </>
  );
};
