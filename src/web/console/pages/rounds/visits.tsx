import { exportVisits, listVisits } from '../../../../modules/rounds/contract/visits.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable } from '../table.tsx';
import { isRoundsKey, useRoundsSay } from './texts.ts';

type Visit = ResponseOf<typeof listVisits>['items'][number];
const pageSize = 50;

/** Visits to households in one's own grids: when, where, what for and what came of it. What was said there is opened on the phone of who went, with a purpose. */
export const Visits = () => {
  const say = useRoundsSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const list = usePaged(`${language} visits`, (after, signal) => call(listVisits, { query: { limit: pageSize, ...(after && { after }) }, signal }), (news) => news.kind === 'visit');
  const word = (key: string): string => (isRoundsKey(key) ? say(key) : key);
  return (
    <div className="stack">
      <p><ExportMenu route={exportVisits} asked={{}} /></p>
      <ListTable<Visit>
        label={say('view.visits')} resource={list} keyOf={({ id }) => id} none={{ title: say('visits.none'), words: say('visits.none.words') }}
        columns={[
          { key: 'when', label: say('visits.when'), narrow: true, cell: ({ doneAt }) => moment(doneAt) },
          { key: 'where', label: say('place'), cell: ({ placeNames }) => placeNames.slice(-2).join(' · ') },
          { key: 'kind', label: say('visits.kind'), narrow: true, cell: ({ kind }) => word(`kind.${kind}`) },
          { key: 'outcome', label: say('visits.outcome'), narrow: true, cell: ({ outcome }) => <Chip tone={outcome === 'met' ? 'done' : 'wait'}>{word(`outcome.${outcome}`)}</Chip> },
          { key: 'by', label: say('patrols.who'), narrow: true, cell: ({ by }) => by ?? '—' },
          { key: 'consent', label: say('visits.consent'), cell: ({ consent }) => (consent === null ? '—' : consent.revoked ? say('visits.revoked') : moment(consent.until)) },
        ]}
      />
    </div>
  );
};
