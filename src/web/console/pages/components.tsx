import { useDeferredValue, useState, type ReactNode } from 'react';
import { exportComponents, importComponents, listClasses, listComponents, type ComponentView } from '../../../modules/components/contract/components.ts';
import { makePlateBatch } from '../../../modules/components/contract/plates.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { addressOf, call } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePaged } from '../../shared/paged.ts';
import { useResource } from '../../shared/resource.ts';
import { go, hrefOf, usePlace } from '../../shared/router.ts';
import { may, useSession } from '../../shared/session.tsx';
import { Chip } from '../../ui/status.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { useSay } from '../texts.ts';
import { ImportBox } from './import-box.tsx';
import { BatchForm } from './plates/batch-form.tsx';
import { Batches } from './plates/batches.tsx';
import { Plates } from './plates/plates.tsx';
import { usePlatesSay } from './plates/texts.ts';
import { ListTable, PageFrame, Views } from './table.tsx';

const pageSize = 60;

/** Lamps, manholes and the like: found by code, name, class and state; imported; picked for plates. */
const ComponentList = ({ views }: { readonly views: ReactNode }) => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState('');
  const [state, setState] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [ordering, setOrdering] = useState(false);
  const words = useDeferredValue(typed.trim());
  const classes = useResource(`${language} classes`, (signal) => call(listClasses, { query: {}, signal }), (news) => news.kind === 'components');
  const list = usePaged(`${language} ${words} ${kind} ${state}`, (after, signal) => call(listComponents, { query: { limit: pageSize, ...(words && { q: words }), ...(kind && { class: kind }), ...(state && { state }), ...(after && { after }) }, signal }), (news) => news.kind === 'components' || news.subject === 'matter');
  const prints = may(session, makePlateBatch);
  const toggle = (code: string): void => setChosen((before) => {
    const next = new Set(before);
    if (!next.delete(code)) next.add(code);
    return next;
  });
  return (
    <PageFrame title={say('components.title')} tools={
      <>
        {views}
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
        {prints && <button type="button" className="btn" disabled={chosen.size === 0} onClick={() => setOrdering(true)}>{say('components.plates')}{chosen.size > 0 && ` · ${chosen.size}`}</button>}
      </>
    }>
      {ordering && <BatchForm picked={[...chosen]} done={() => { go(['components', 'batches']); }} cancel={() => setOrdering(false)} />}
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

const views = ['list', 'plates', 'batches'] as const;

/** Components, their plates, and the batches in which plates are made. */
const Components = () => {
  const say = useSay();
  const plates = usePlatesSay();
  const { path } = usePlace();
  const view = views.find((each) => each === path[1]) ?? 'list';
  const choice = <Views label={plates('views')} value={view} choose={(to) => go(to === 'list' ? ['components'] : ['components', to])} views={views.map((id) => ({ id, label: plates(`view.${id}`) }))} />;
  if (view === 'list') return <ComponentList views={choice} />;
  return <PageFrame title={say('components.title')} tools={choice}>{view === 'plates' ? <Plates /> : <Batches />}</PageFrame>;
};

export default Components;
