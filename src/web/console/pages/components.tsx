import { useDeferredValue, useState } from 'react';
import { exportComponents, importComponents, issuePlates, listClasses, listComponents, type ComponentView } from '../../../modules/components/contract.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { addressOf, call, Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePaged } from '../../shared/paged.ts';
import { useResource } from '../../shared/resource.ts';
import { hrefOf } from '../../shared/router.ts';
import { may, useSession } from '../../shared/session.tsx';
import { Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { useSay } from '../texts.ts';
import { ImportBox } from './import-box.tsx';
import { ListTable, PageFrame } from './table.tsx';

const pageSize = 60;

/** Lamps, manholes and the like: found by code, name, class and state; imported; their plates printed. */
const Components = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState('');
  const [state, setState] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const words = useDeferredValue(typed.trim());
  const classes = useResource(`${language} classes`, (signal) => call(listClasses, { query: {}, signal }), (news) => news.kind === 'components');
  const list = usePaged(`${language} ${words} ${kind} ${state}`, (after, signal) => call(listComponents, { query: { limit: pageSize, ...(words && { q: words }), ...(kind && { class: kind }), ...(state && { state }), ...(after && { after }) }, signal }), (news) => news.kind === 'components' || news.subject === 'matter');
  const prints = may(session, issuePlates);
  const print = async (): Promise<void> => {
    setProblem(null);
    try {
      const { sheet } = await call(issuePlates, { body: { codes: [...chosen] } });
      open(sheet, '_blank', 'noreferrer');
      list.reload();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  const toggle = (code: string): void => setChosen((before) => {
    const next = new Set(before);
    if (!next.delete(code)) next.add(code);
    return next;
  });
  return (
    <PageFrame title={say('components.title')} tools={
      <>
        <input className="field-input search" type="search" aria-label={say('components.search')} placeholder={say('components.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <select className="field-input" aria-label={say('components.class')} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="">{say('components.class')}</option>
          {classes.data?.classes.map((each) => <option key={each.code} value={each.code}>{each.name} · {each.all}{each.faulty > 0 && ` (${each.faulty})`}</option>)}
        </select>
        <select className="field-input" aria-label={say('components.state')} value={state} onChange={(event) => setState(event.currentTarget.value)}>
          <option value="">{say('components.state')}</option>
          {classes.data?.states.map((each) => <option key={each.key} value={each.key}>{each.name}</option>)}
        </select>
        <ExportMenu route={exportComponents} asked={{ ...(words && { q: words }), ...(kind && { class: kind }), ...(state && { state }) }} />
        {prints && <button type="button" className="btn" disabled={chosen.size === 0} onClick={() => void print()}>{say('components.plates')}{chosen.size > 0 && ` · ${chosen.size}`}</button>}
      </>
    }>
      {problem && <Failed problem={problem} />}
      {may(session, importComponents) && (
        <ImportBox<ResponseOf<typeof importComponents>>
          accept={['.csv', '.tsv', '.xlsx', '.geojson', '.json']}
          address={(dryRun) => addressOf(importComponents, {}, { dryRun })}
          words={(answer) => say('components.import.words', { rows: answer.rows, added: answer.added, changed: answer.changed, same: answer.rows - answer.added - answer.changed })}
          done={() => { list.reload(); classes.reload(); }}
        />
      )}
      <ListTable<ComponentView>
        label={say('components.title')} resource={list} keyOf={(row) => row.code}
        none={{ title: say('components.none'), words: say('list.none.words') }}
        columns={[
          ...(prints ? [{ key: 'pick', label: say('components.pick'), narrow: true, cell: (row: ComponentView) => <input type="checkbox" className="row-check" aria-label={`${say('components.plates')} ${row.code}`} checked={chosen.has(row.code)} onChange={() => toggle(row.code)} /> }] : []),
          { key: 'name', label: say('components.title'), cell: (row) => <><b>{row.name}</b><br /><span className="dim number">{row.code}</span></> },
          { key: 'class', label: say('components.class'), narrow: true, cell: (row) => row.className },
          { key: 'state', label: say('components.state'), narrow: true, cell: (row) => <Chip tone={row.openCases > 0 ? 'wait' : row.state === 'removed' ? 'plain' : 'done'}>{row.stateLabel}</Chip> },
          { key: 'place', label: say('components.place'), cell: (row) => row.place && <a href={hrefOf(['places', row.place.code])}>{row.place.names.slice(-2).join(' · ')}</a> },
          { key: 'owner', label: say('components.owner'), cell: (row) => row.owner?.name },
          { key: 'accuracy', label: say('components.accuracy'), narrow: true, cell: (row) => row.accuracy },
          { key: 'cases', label: say('components.cases'), narrow: true, cell: (row) => <a href={hrefOf(['inbox'], { box: 'all', component: row.code })}>{row.openCases}</a> },
        ]}
      />
    </PageFrame>
  );
};

export default Components;
