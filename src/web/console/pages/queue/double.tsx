import type { Suggestion } from '../../../../modules/cases/contract/routes.ts';
import { readMatter, type MatterPage } from '../../../../modules/matters/contract.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await } from '../../../ui/states.tsx';
import { Chip, toneOf } from '../../../ui/status.tsx';
import { Pictures } from '../../matter/pictures.tsx';
import { useSay } from '../../texts.ts';

/** What reporters said of a matter, in their order. */
export const wordsOf = (page: MatterPage): string => page.timeline.flatMap(({ texts }) => texts.filter(({ name }) => name === 'description').map(({ text }) => text ?? '')).join('\n');

/** What was said and shown of a double, to be held against the report beside it. */
const Told = ({ id }: { readonly id: string }) => {
  const say = useSay();
  const { language } = useLanguage();
  const page = useResource(`${language} ${id}`, (signal) => call(readMatter, { params: { id }, signal }), (news) => news.matter === id);
  return (
    <Await resource={page} lines={2}>
      {(data) => (
        <div className="queue-told">
          <p className="matter-line"><Chip tone={toneOf(data.matter.state)}>{data.matter.stateLabel}</Chip>{data.matter.leadUnit && <span className="dim">{data.matter.leadUnit.name}</span>}{data.matter.place && <span className="dim">{data.matter.place.names.slice(-2).join(' · ')}</span>}</p>
          <p className="queue-words">{wordsOf(data) || say('queue.silent')}</p>
          {data.files.length > 0 && <Pictures files={data.files} state="merged" />}
        </div>
      )}
    </Await>
  );
};

/** A matter that may be the same as the report: where, when and how far; the chosen one with its words and pictures. */
export const Double = ({ each, chosen, component, may, busy, choose, merge }: {
  readonly each: Suggestion['duplicates'][number];
  readonly chosen: boolean;
  /** The component that the report is about, if any. */
  readonly component: string | null;
  readonly may: boolean;
  readonly busy: boolean;
  readonly choose: () => void;
  readonly merge: () => void;
}) => {
  const say = useSay();
  const { brief } = useTimeWords();
  return (
    <div className="queue-double">
      <a href={hrefOf(['inbox', each.id], { box: 'all' })}><span className="number">{each.number}</span> {each.title}</a>
      <span className="dim">{[brief(each.at), each.metres === null ? null : say('queue.metres', { metres: each.metres }), each.component !== null && each.component === component ? say('queue.same') : null].filter(Boolean).join(' · ')}</span>
      {chosen && <Told id={each.id} />}
      <span className="cell-actions">
        <button type="button" className="btn btn-small" disabled={!may} aria-disabled={busy} onClick={merge}>{say('queue.merge')}{chosen && <kbd aria-hidden="true">M</kbd>}</button>
        {!chosen && <button type="button" className="btn btn-small btn-quiet" aria-label={`${say('queue.compare')}: ${each.number}`} onClick={choose}>{say('queue.compare')}</button>}
      </span>
    </div>
  );
};
