import { useState } from 'react';
import { exportAlarms, listAlarms, type AlarmBox, type AlarmItem } from '../../../../modules/sensing/contract/devices.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable, Views } from '../table.tsx';
import { useDevicesSay } from './texts.ts';

const boxes: readonly AlarmBox[] = ['open', 'ended', 'all'];
const tones = { notice: 'plain', warning: 'wait', critical: 'late' } as const;
const pageSize = 50;

/** Alarms, the newest first, with the case that came of each; of one device where it is given. */
export const Alarms = ({ device }: { readonly device?: string }) => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [box, setBox] = useState<AlarmBox>(device === undefined ? 'open' : 'all');
  const [kind, setKind] = useState('');
  const asked = { box, ...(kind && { kind }), ...(device !== undefined && { device }) };
  const list = usePaged(`${language} alarms ${JSON.stringify(asked)}`, (after, signal) => call(listAlarms, { query: { ...asked, limit: pageSize, ...(after && { after }) }, signal }), (news) => news.kind === 'case');
  return (
    <div className="stack">
      <div className="page-tools">
        <Views label={say('alarms.box')} value={box} choose={setBox} views={boxes.map((id) => ({ id, label: say(`alarms.${id}`) }))} />
        {device === undefined && (
          <select className="field-input" aria-label={say('kind')} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="">{say('kind')}</option>
            {list.data?.kinds.map((each) => <option key={each.code} value={each.code}>{each.name}</option>)}
          </select>
        )}
        <button type="button" className="btn btn-small btn-quiet" onClick={list.reload}>{say('again')}</button>
        <ExportMenu route={exportAlarms} asked={asked} />
      </div>
      <ListTable<AlarmItem>
        label={say('alarms')} resource={list} keyOf={({ id }) => id} none={{ title: say(box === 'open' ? 'alarms.none' : 'alarms.none.ever'), words: say('alarms.none.words') }}
        columns={[
          { key: 'severity', label: say('severity'), narrow: true, cell: ({ severity }) => <Chip tone={tones[severity]}>{say(`severity.${severity}`)}</Chip> },
          { key: 'rule', label: say('rule'), cell: ({ rule, value, unit }) => <><b>{rule.name}</b>{value !== null && <><br /><span className="dim number">{Math.round(value * 1000) / 1000} {unit}</span></>}</> },
          ...(device === undefined ? [{ key: 'device', label: say('device'), cell: (row: AlarmItem) => <><a href={hrefOf(['devices', 'one', row.device.code])}>{row.device.name}</a><br /><span className="dim">{row.placeNames.slice(-2).join(' · ')}</span></> }] : []),
          { key: 'opened', label: say('opened'), narrow: true, cell: ({ openedAt }) => moment(openedAt) },
          { key: 'ended', label: say('ended'), narrow: true, cell: ({ endedAt }) => (endedAt ? moment(endedAt) : <b>{say('going')}</b>) },
          { key: 'outcome', label: say('outcome'), cell: ({ outcomeWords, event }) => <>{outcomeWords}{event && <span className="dim"> · {say('event.parts', { count: event.parts })}</span>}</> },
          { key: 'matter', label: say('matter'), cell: ({ matter }) => matter && (matter.number ? <><a className="number" href={hrefOf(['matters', matter.id])}>{matter.number}</a><br /><span className="dim">{matter.title}</span></> : '—') },
        ]}
      />
    </div>
  );
};
