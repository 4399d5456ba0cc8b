import { useDeferredValue, useState } from 'react';
import { exportDevices, listDevices, type DeviceBox, type DeviceItem } from '../../../../modules/sensing/contract/devices.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { go, hrefOf, usePlace } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { useSay } from '../../texts.ts';
import { ListTable, PageFrame, Views } from '../table.tsx';
import { Alarms } from './alarms.tsx';
import { Device } from './device.tsx';
import { Rules } from './rules.tsx';
import { Standing } from './standing.tsx';
import { useDevicesSay } from './texts.ts';
import './devices.css';

const boxes: readonly DeviceBox[] = ['all', 'alarm', 'silent', 'flapping', 'faulty', 'never', 'resting'];
const pageSize = 60;

/** Devices by code: which are well, in alarm, silent, flapping, or send what cannot be kept. */
const DeviceList = () => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState('');
  const [box, setBox] = useState<DeviceBox>('all');
  const words = useDeferredValue(typed.trim());
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const asked = { box, ...(words && { q: words }), ...(kind && { kind }) };
  const list = usePaged(`${language} devices ${JSON.stringify(asked)}`, (after, signal) => call(listDevices, { query: { ...asked, limit: pageSize, ...(after && { after }) }, signal }), (news) => news.kind === 'device');
  const counts = list.data?.counts;
  return (
    <div className="stack">
      <div className="page-tools">
        <input className="field-input search" type="search" aria-label={say('search')} placeholder={say('search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <select className="field-input" aria-label={say('box')} value={box} onChange={(event) => setBox(boxes.find((one) => one === event.currentTarget.value) ?? 'all')}>
          {boxes.map((each) => <option key={each} value={each}>{say(`box.${each}`)}{counts && ` · ${counts[each]}`}</option>)}
        </select>
        <select className="field-input" aria-label={say('kind')} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="">{say('kind.all')}</option>
          {list.data?.kinds.map((each) => <option key={each.code} value={each.code}>{each.name}</option>)}
        </select>
        <button type="button" className="btn btn-small btn-quiet" onClick={list.reload}>{say('again')}</button>
        <ExportMenu route={exportDevices} asked={asked} />
      </div>
      {list.data?.items.some(({ demo }) => demo) && <p className="note">{say('demo.words')}</p>}
      <ListTable<DeviceItem>
        label={say('title')} resource={list} keyOf={({ code }) => code} none={{ title: say('none'), words: say('none.words') }}
        columns={[
          { key: 'name', label: say('device'), cell: (row) => <><a href={hrefOf(['devices', 'one', row.code])}><b>{row.name}</b></a><br /><span className="dim number">{row.code}</span>{row.demo && <span className="dim"> · {say('demo')}</span>}</> },
          { key: 'kind', label: say('kind'), narrow: true, cell: (row) => row.kind.name },
          { key: 'state', label: say('state'), narrow: true, cell: (row) => <Standing device={row} /> },
          { key: 'now', label: say('now'), narrow: true, cell: (row) => (row.now.length === 0 ? '—' : row.now.map(({ measure, value, unit }) => <div key={measure} className="number">{number.format(value)} {unit}</div>)) },
          { key: 'seen', label: say('seen'), narrow: true, cell: (row) => (row.seenAt ? moment(row.seenAt) : say('never')) },
          { key: 'place', label: say('place'), cell: (row) => row.placeNames.slice(-2).join(' · ') },
          { key: 'unit', label: say('unit'), cell: (row) => row.unit?.name ?? '—' },
          { key: 'faults', label: say('faults.short'), cell: (row) => [row.thinned > 0 && say('thinned.count', { count: row.thinned }), row.faults > 0 && say('faults.count', { count: row.faults })].filter(Boolean).join(' · ') || '—' },
        ]}
      />
    </div>
  );
};

const views = ['list', 'alarms', 'rules'] as const;

/** Devices of the town: the list, one of them, their alarms and the rules behind those. */
const Devices = () => {
  const say = useDevicesSay();
  const consoleSay = useSay();
  const { path: [, named, code] } = usePlace();
  const view = views.find((each) => each === named) ?? 'list';
  return (
    <PageFrame title={consoleSay('nav.devices')} tools={<Views label={say('view')} value={named === 'one' ? 'list' : view} choose={(to) => go(to === 'list' ? ['devices'] : ['devices', to])} views={views.map((id) => ({ id, label: say(`view.${id}`) }))} />}>
      {named === 'one' && code ? <Device key={code} code={code} /> : view === 'alarms' ? <Alarms /> : view === 'rules' ? <Rules /> : <DeviceList />}
    </PageFrame>
  );
};

export default Devices;
