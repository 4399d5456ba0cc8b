import { useRef, useState } from 'react';
import { actInBulk, bulkActions, bulkAtMost, previewBulk, type BulkResult } from '../../../modules/matters/contract.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { call, callLines, newOp, Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { hrefOf } from '../../shared/router.ts';
import { fieldsOf } from '../../ui/forms/schema.ts';
import { ActionForm } from '../../ui/forms/action-form.tsx';
import { Await, Failed } from '../../ui/states.tsx';
import { useReasons } from '../reasons.ts';
import { useSources } from '../sources.ts';
import { useSay } from '../texts.ts';

type Action = ResponseOf<typeof bulkActions>['items'][number];
type Preview = ResponseOf<typeof previewBulk>;
type Input = Readonly<Record<string, unknown>>;

/** What has been decided so far: an action, its input, who would be refused, and what came of it. */
type Step =
  | { readonly at: 'choose' }
  | { readonly at: 'input'; readonly action: Action }
  | { readonly at: 'preview'; readonly action: Action; readonly input: Input; readonly preview: Preview }
  | { readonly at: 'carry'; readonly action: Action; readonly input: Input; readonly total: number; readonly op: string; readonly matters: readonly string[] };

const Results = ({ items }: { readonly items: readonly BulkResult[] }) => {
  const say = useSay();
  return (
    <ul className="bulk-results">
      {items.map((item) => (
        <li key={item.id} data-ok={item.ok}>
          <p>{item.number ? <a className="number" href={hrefOf(['inbox', item.id], { box: 'all' })}>{item.number}</a> : <span className="dim">{say('bulk.unseen')}</span>} {item.title}</p>
          {item.words ? <p className="late-words">{item.words}</p> : <p className="dim">{item.stateLabel}</p>}
        </li>
      ))}
    </ul>
  );
};

/** One action on all that is selected: chosen, given what it needs, looked over, carried out, and told matter by matter. */
export const BulkPane = ({ selected, close }: { readonly selected: ReadonlySet<string>; readonly close: () => void }) => {
  const say = useSay();
  const { language } = useLanguage();
  const sources = useSources();
  const [step, setStep] = useState<Step>({ at: 'choose' });
  const [results, setResults] = useState<readonly BulkResult[]>([]);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ready = useReasons(step.at === 'input' ? step.action.name : null);
  const stop = useRef<AbortController | null>(null);
  const ids = [...selected].sort();
  const fits = ids.length > 0 && ids.length <= bulkAtMost;
  const actions = useResource(step.at === 'choose' && fits ? `${language} ${ids.join(' ')}` : null, (signal) => call(bulkActions, { body: { matters: ids }, signal }));

  const guarded = async (what: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const look = async (action: Action, input: Input): Promise<void> =>
    setStep({ at: 'preview', action, input, preview: await call(previewBulk, { body: { matters: ids, action: action.name, input } }) });
  const choose = (action: Action): void => {
    if (fieldsOf(action.input).length > 0) setStep({ at: 'input', action });
    else void guarded(() => look(action, {}));
  };
  const carry = async (of: Extract<Step, { at: 'carry' }>): Promise<void> => {
    const controller = new AbortController();
    stop.current = controller;
    setStep(of);
    setRunning(true);
    setResults([]);
    await guarded(async () => {
      try {
        await callLines<BulkResult>(actInBulk, { matters: of.matters, action: of.action.name, input: of.input, op: of.op }, (line) => setResults((before) => [...before, line]), controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      }
    });
    setRunning(false);
  };
  const head = (title: string) => <header className="bulk-head"><h1 id="bulk-title">{title}</h1><button type="button" className="btn btn-small" onClick={() => { stop.current?.abort(); close(); }}>{say('bulk.close')}</button></header>;
  const refused = step.at === 'preview' ? step.preview.items.filter(({ ok }) => !ok) : [];
  const reasons = [...Map.groupBy(refused, ({ words }) => words ?? '')].sort(([, a], [, b]) => b.length - a.length);
  return (
    <section className="column bulk" aria-labelledby="bulk-title">
      {head(step.at === 'choose' ? say('bulk.title', { count: ids.length }) : `${step.action.label} · ${say('bulk.title', { count: step.at === 'carry' ? step.total : ids.length })}`)}
      {ids.length > bulkAtMost && <p className="note note-late" role="alert">{say('bulk.too_many', { most: bulkAtMost, count: ids.length })}</p>}
      {ids.length === 0 && step.at === 'choose' && <p className="note note-gap">{say('bulk.none', { most: bulkAtMost })}</p>}
      {problem && <Failed problem={problem} />}
      {step.at === 'choose' && fits && (
        <Await resource={actions} lines={4}>
          {({ items }) => items.length === 0 ? <p className="note note-gap">{say('bulk.no_action')}</p> : (
            <>
              <p className="dim">{say('bulk.choose')}</p>
              <ul className="bulk-actions">{items.map((action) => <li key={action.name}><button type="button" className="btn" data-bulk={action.name} onClick={() => choose(action)}>{action.label}<span className="dim">{say('bulk.possible', { count: action.count })}</span></button></li>)}</ul>
            </>
          )}
        </Await>
      )}
      {step.at === 'input' && <ActionForm title={step.action.label} input={step.action.input} sources={sources} send={(input) => look(step.action, input)} cancel={() => setStep({ at: 'choose' })} sendLabel={say('bulk.preview')} reasons={ready} />}
      {step.at === 'preview' && (
        <>
          <p className={`note ${step.preview.possible > 0 ? 'note-done' : 'note-gap'}`} role="status">{say('bulk.will', { done: step.preview.possible, refused: step.preview.refused })}</p>
          {reasons.map(([words, items]) => (
            <details key={words} className="bulk-reason" open={reasons.length === 1}>
              <summary>{words} <b>{items.length}</b></summary>
              <ul>{items.map((item) => <li key={item.id}><span className="number">{item.number}</span> {item.title || say('bulk.unseen')} {item.stateLabel && <span className="dim">{item.stateLabel}</span>}</li>)}</ul>
            </details>
          ))}
          <div className="form-actions">
            <button type="button" className="btn btn-primary" disabled={step.preview.possible === 0} data-bulk-go="" onClick={() => { const matters = step.preview.items.flatMap(({ ok, id }) => (ok ? [id] : [])); void carry({ at: 'carry', action: step.action, input: step.input, total: matters.length, op: newOp(), matters }); }}>{say('bulk.go', { count: step.preview.possible })}</button>
            <button type="button" className="btn" onClick={() => setStep({ at: 'choose' })}>{say('bulk.back')}</button>
          </div>
        </>
      )}
      {step.at === 'carry' && (
        <>
          <progress aria-label={say('bulk.progress')} max={step.total} value={results.length} />
          <p role="status" className={running ? 'dim' : 'strong'}>{say(running ? 'bulk.running' : results.length < step.total ? 'bulk.stopped' : 'bulk.done', { count: results.length, total: step.total, done: results.filter(({ ok }) => ok).length, refused: results.filter(({ ok }) => !ok).length })}</p>
          <div className="form-actions">
            {running && <button type="button" className="btn" onClick={() => stop.current?.abort()}>{say('bulk.stop')}</button>}
            {!running && results.length < step.total && <button type="button" className="btn btn-primary" onClick={() => void carry(step)}>{say('bulk.again')}</button>}
            {!running && <button type="button" className="btn" onClick={() => { setResults([]); setStep({ at: 'choose' }); }}>{say('bulk.back')}</button>}
          </div>
          <Results items={[...results].sort((a, b) => Number(a.ok) - Number(b.ok))} />
        </>
      )}
    </section>
  );
};
