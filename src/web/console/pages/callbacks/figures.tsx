import { useState } from 'react';
import { callbackFigures } from '../../../../modules/callbacks/contract.ts';
import { dispatchQuality } from '../../../../modules/cases/contract/routes.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useSession } from '../../../shared/session.tsx';
import { Await, Empty } from '../../../ui/states.tsx';
import { useSay } from '../../texts.ts';
import { Table, Views } from '../table.tsx';

const spans = ['7', '30', '90'] as const;
const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`);

/** The three rates of callbacks by unit, and how well cases were dispatched, by rule and unit. */
export const Figures = () => {
  const say = useSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const [days, setDays] = useState<(typeof spans)[number]>('30');
  const figures = useResource(`${language} ${days}`, (signal) => call(callbackFigures, { query: { days: Number(days) }, signal }), (news) => news.subject === 'matter');
  const rules = session.permissions.includes('rules.read');
  const quality = useResource(rules ? `${language} ${days}` : null, (signal) => call(dispatchQuality, { query: { days: Number(days) }, signal }), (news) => news.subject === 'matter');
  return (
    <div className="stack">
      <Views label={say('figures.span')} value={days} choose={setDays} views={spans.map((id) => ({ id, label: say('figures.days', { days: id }) }))} />
      <h2>{say('figures.callbacks')}</h2>
      <p className="dim">{say('figures.callbacks.words')}</p>
      <Await resource={figures} lines={5}>
        {(data) => data.asked === 0 ? <Empty title={say('figures.none')}>{say('figures.none.words')}</Empty> : (
          <>
            <dl className="figures">
              {([['response', data.response], ['resolution', data.resolution], ['satisfaction', data.satisfaction]] as const).map(([name, share]) => <div key={name}><dt>{say(`figures.${name}`)}</dt><dd>{percent(share)}</dd></div>)}
              <div><dt>{say('figures.answered')}</dt><dd>{data.answered}<small> / {data.asked}</small></dd></div>
              <div><dt>{say('figures.ratings')}</dt><dd>{data.ratings.mean === null ? '—' : data.ratings.mean.toFixed(1)}<small> · {say('figures.ratings.count', { count: data.ratings.count })}</small></dd></div>
            </dl>
            <Table
              label={say('figures.callbacks')} rows={data.units} keyOf={(row) => row.unit.id}
              columns={[
                { key: 'unit', label: say('figures.unit'), cell: (row) => row.unit.name }, { key: 'answered', label: say('figures.answered'), narrow: true, cell: (row) => `${row.answered} / ${row.asked}` },
                { key: 'response', label: say('figures.response'), narrow: true, cell: (row) => percent(row.response) }, { key: 'resolution', label: say('figures.resolution'), narrow: true, cell: (row) => percent(row.resolution) },
                { key: 'satisfaction', label: say('figures.satisfaction'), narrow: true, cell: (row) => percent(row.satisfaction) },
              ]}
            />
          </>
        )}
      </Await>
      {rules && <>
        <h2>{say('figures.dispatch')}</h2>
        <p className="dim">{say('figures.dispatch.words')}</p>
        <Await resource={quality} lines={5}>
          {(data) => data.dispatched === 0 ? <Empty title={say('figures.none')}>{say('figures.dispatch.none')}</Empty> : (
            <>
              <dl className="figures">
                <div><dt>{say('figures.accurate')}</dt><dd>{percent(data.accurate)}</dd></div>
                <div><dt>{say('figures.dispatched')}</dt><dd>{data.dispatched}</dd></div>
                <div><dt>{say('figures.returned')}</dt><dd>{data.returned}</dd></div>
                <div><dt>{say('figures.wrong')}</dt><dd>{data.wrong}</dd></div>
              </dl>
              <Table
                label={say('figures.dispatch')} keyOf={(row) => row.key}
                rows={[
                  ...data.byRule.map((row) => ({ ...row, key: `r${row.order}`, name: say('figures.rule', { order: row.order, words: row.words }) })),
                  ...data.byPerson.map((row) => ({ ...row, key: `p${row.name}`, name: say('figures.person', { name: row.name }) })),
                  ...data.byUnit.map((row) => ({ ...row, key: `u${row.unit.id}`, name: say('figures.to', { name: row.unit.name }) })),
                ]}
                columns={[
                  { key: 'name', label: say('figures.by'), cell: (row) => row.name }, { key: 'dispatched', label: say('figures.dispatched'), narrow: true, cell: (row) => row.dispatched },
                  { key: 'returned', label: say('figures.returned'), narrow: true, cell: (row) => row.returned }, { key: 'wrong', label: say('figures.wrong'), narrow: true, cell: (row) => (row.wrong > 0 ? <b className="late-words">{row.wrong}</b> : 0) },
                ]}
              />
            </>
          )}
        </Await>
      </>}
    </div>
  );
};
