import { useRef, useState } from 'react';
import { readRowRoute } from '../../../../modules/catalogue/contract.ts';
import { suggest } from '../../../../modules/cases/contract/routes.ts';
import { actOnMatter, readMatter } from '../../../../modules/matters/contract.ts';
import { call, newOp, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { BackIcon } from '../../../ui/icons.tsx';
import { Await, Failed } from '../../../ui/states.tsx';
import { toneOf } from '../../../ui/status.tsx';
import { PointMap } from '../../../map/point-map.tsx';
import { Pictures } from '../../matter/pictures.tsx';
import { Relations } from '../../matter/relations.tsx';
import { TakeAction } from '../../matter/take-action.tsx';
import { useKeys } from '../../keyboard.ts';
import { useSay } from '../../texts.ts';
import { Double, wordsOf } from './double.tsx';

/** Rows and doubles that have a key of their own. */
const offered = 4;

/** What the desk does with a report beside filing it and merging it into what is shown: each with its letter, and a form. */
const asides = [['decline', 'r'], ['split', 's'], ['merge', 'i'], ['requestCheck', 'c']] as const;
type Aside = (typeof asides)[number][0];

/** What came of a report, and whether there is a way back. */
export interface Done {
  readonly words: string;
  /** The report that was merged, which can be taken out again. */
  readonly merged?: { readonly id: string; readonly number: string };
}

/** One report: what was said and shown, beside what it may be under the code table and what near it is the same. Each has its key. */
export const Report = ({ id, done, stay }: {
  readonly id: string;
  /** The report is done with. */
  readonly done: (what: Done) => void;
  /** Something was done, and there is more to do with it. */
  readonly stay: (words: string) => void;
}) => {
  const say = useSay();
  const { language } = useLanguage();
  const { brief } = useTimeWords();
  const page = useResource(`${language} ${id}`, (signal) => call(readMatter, { params: { id }, signal }), (news) => news.matter === id);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [open, setOpen] = useState<Aside | null>(null);
  const op = useRef(newOp());
  const data = page.data;
  const about = data && {
    ...(wordsOf(data) && { text: wordsOf(data).slice(0, 2000) }), ...(data.matter.point && { lng: data.matter.point.lng, lat: data.matter.point.lat }), ...(data.matter.component && { component: data.matter.component.id }),
  };
  const found = useResource(about ? `${language} ${id} ${JSON.stringify(about)}` : null, (signal) => call(suggest, { body: about!, signal }));
  // What the reporter chose stands before what the words make likely, unless the code table has it no more.
  const code = data?.matter.code?.id ?? null;
  const still = useResource(code === null ? null : `${language} ${code}`, (signal) => call(readRowRoute, { params: { key: code! }, query: {}, signal }));
  const own = data?.matter.code && still.problem?.status !== 404 ? [{ key: data.matter.code.id, name: data.matter.code.name, condition: '', why: say('queue.chosen') }] : [];
  const rows = [...own, ...(found.data?.rows ?? []).filter(({ key }) => key !== own[0]?.key)].slice(0, offered);
  const doubles = (found.data?.duplicates ?? []).filter((each) => each.id !== id).slice(0, offered);
  const act = async (action: string, input: object, what: Done): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await call(actOnMatter, { params: { id }, body: { action, input, op: op.current } });
      done(what);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (!error.undecided) op.current = newOp();
      page.reload();
    } finally {
      setBusy(false);
    }
  };
  const number = data?.matter.number ?? '';
  const file = (row: (typeof rows)[number] | undefined): void => { if (row) void act('file', { code: row.key }, { words: say('queue.filed', { number, name: row.name }) }); };
  const merge = (into: (typeof doubles)[number] | undefined): void => { if (into) void act('merge', { into: into.id }, { words: say('queue.merged', { number, into: into.number }), merged: { id, number } }); };
  const may = (name: string): boolean => data?.actions.some((action) => action.name === name) ?? false;
  const turn = (name: Aside): void => setOpen(open === name ? null : name);
  const settled = (name: Aside): void => {
    setOpen(null);
    if (name === 'split') {
      stay(say('queue.split', { number }));
      page.reload();
    } else done(name === 'merge' ? { words: say('queue.merged.elsewhere', { number }), merged: { id, number } } : { words: say(name === 'decline' ? 'queue.declined' : 'queue.checking', { number }) });
  };
  useKeys({
    ...Object.fromEntries(Array.from({ length: offered }, (_, n) => [String(n + 1), rows[n] && may('file') ? () => file(rows[n]) : undefined])),
    ...Object.fromEntries(asides.map(([name, key]) => [key, may(name) ? () => turn(name) : undefined])),
    m: may('merge') ? () => merge(doubles[chosen]) : undefined, n: doubles.length > 1 ? () => setChosen((chosen + 1) % doubles.length) : undefined,
    o: () => { location.hash = hrefOf(['inbox', id], { box: 'all' }).replace(/^[^#]*#/u, ''); },
  });
  const opened = data?.actions.find(({ name }) => name === open);
  return (
    <section className="queue-report" aria-label={say('queue.report')}>
      <a className="back" href={hrefOf(['queue'], {})}><BackIcon />{say('queue.back')}</a>
      <Await resource={page} lines={8}>
        {(whole) => (
          <>
            <header className="queue-head"><h2>{whole.matter.title || say('queue.untitled')}</h2><p className="dim"><span className="number">{whole.matter.number}</span> · {whole.matter.stateLabel} · {brief(whole.matter.createdAt)}{whole.matter.place && ` · ${whole.matter.place.names.slice(-2).join(' · ')}`}{whole.matter.handler && ` · ${say('queue.with', { name: whole.matter.handler.name })}`}</p></header>
            <div className="actions-line" role="group" aria-label={say('queue.asides')}>
              {asides.flatMap(([name, key]) => {
                const action = whole.actions.find((one) => one.name === name);
                return action ? [<button key={name} type="button" className="btn btn-small" data-aside={name} aria-expanded={open === name} aria-keyshortcuts={key} onClick={() => turn(name)}>{name === 'merge' ? say('queue.merge.other') : action.label}<kbd aria-hidden="true">{key.toUpperCase()}</kbd></button>] : [];
              })}
              <a className="btn btn-small" href={hrefOf(['inbox', id], { box: 'all' })}>{say('queue.open')}<kbd aria-hidden="true">O</kbd></a>
            </div>
            {opened && <TakeAction key={opened.name} matter={id} action={opened} title={opened.name === 'merge' ? say('queue.merge.other') : opened.label} known={{ code: whole.matter.code, component: whole.matter.component }} cancel={() => setOpen(null)} done={() => settled(opened.name as Aside)} />}
            {problem && <Failed problem={problem} />}
            <div className="queue-sides">
              <div className="stack">
                <p className="queue-words">{wordsOf(whole) || say('queue.silent')}</p>
                <Pictures files={whole.files} state={whole.matter.state} />
                <PointMap point={whole.matter.point} label={whole.matter.place?.names.slice(-2).join(' · ') ?? ''} title={whole.matter.title} tone={toneOf(whole.matter.state)} />
                <Relations page={whole} done={(words) => { stay(words); page.reload(); }} />
              </div>
              <div className="stack">
                <h3>{say('queue.rows')}</h3>
                <Await resource={found} lines={4}>
                  {() => rows.length === 0 ? <p className="note note-gap">{say('queue.rows.none')}</p> : (
                    <ol className="queue-offers">{rows.map((row, n) => <li key={row.key}><button type="button" className="queue-offer" disabled={!may('file')} aria-disabled={busy} onClick={() => file(row)}><kbd aria-hidden="true">{n + 1}</kbd><span><b>{row.name}</b> {row.condition && <span className="dim">{row.condition}</span>}{row.why && <small>{row.why}</small>}</span></button></li>)}</ol>
                  )}
                </Await>
                <h3>{say('queue.doubles')}</h3>
                <Await resource={found} lines={3}>
                  {() => doubles.length === 0 ? <p className="dim">{say('queue.doubles.none')}</p> : (
                    <ul className="queue-offers">{doubles.map((each, n) => (
                      <li key={each.id} data-chosen={n === chosen || undefined}>
                        <Double each={each} chosen={n === chosen} component={whole.matter.component?.id ?? null} may={may('merge')} busy={busy} choose={() => setChosen(n)} merge={() => merge(each)} />
                      </li>
                    ))}</ul>
                  )}
                </Await>
              </div>
            </div>
          </>
        )}
      </Await>
    </section>
  );
};
