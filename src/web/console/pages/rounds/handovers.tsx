import { exportHandovers, listHandovers, type HandoverView } from '../../../../modules/rounds/contract/handover.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable } from '../table.tsx';
import { useRoundsSay } from './texts.ts';

/** Shifts that were handed over and that nobody has taken over yet. */
export const Handovers = () => {
  const say = useRoundsSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const list = useResource(`${language} handovers`, async (signal) => {
    const { items } = await call(listHandovers, { query: {}, signal });
    return { items: items.filter(({ confirmedAt }) => confirmedAt === null), next: null };
  }, (news) => news.kind === 'handover');
  return (
    <div className="stack">
      <p><ExportMenu route={exportHandovers} asked={{}} /></p>
      <ListTable<HandoverView>
        label={say('view.handovers')} resource={list} keyOf={({ id }) => id} none={{ title: say('handover.none'), words: say('handover.none.words') }}
        columns={[
          { key: 'from', label: say('handover.from'), narrow: true, cell: ({ from }) => from.name ?? '—' },
          { key: 'to', label: say('handover.to'), narrow: true, cell: ({ to }) => to.name ?? '—' },
          { key: 'at', label: say('handover.at'), narrow: true, cell: ({ at }) => moment(at) },
          { key: 'open', label: say('handover.open'), cell: ({ open }) => <ul className="callback-parts">{open.map((one) => <li key={one.id}><span className="number">{one.number}</span> {one.title} <span className="dim">{one.state}</span></li>)}</ul> },
          { key: 'remarks', label: say('handover.remarks'), cell: ({ remarks }) => remarks ?? '—' },
        ]}
      />
    </div>
  );
};
