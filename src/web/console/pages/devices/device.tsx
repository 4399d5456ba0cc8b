import { useState } from 'react';
import { calibrate, changeDevice, exportSeries, readDevice, readSeries, rotateKey, type DeviceView, type SeriesSpan } from '../../../../modules/sensing/contract/devices.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource, type Resource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await, Empty, Failed } from '../../../ui/states.tsx';
import { ExportMenu } from '../../export-menu.tsx';
import { Table, Views } from '../table.tsx';
import { Alarms } from './alarms.tsx';
import { Chart } from './chart.tsx';
import { Standing } from './standing.tsx';
import { useDevicesSay } from './texts.ts';

const spans: readonly SeriesSpan[] = ['6h', 'day', 'week', 'month', 'year'];
/** Rows of the table under the chart before more are asked for. */
const rowsShown = 60;

const useNumber = () => {
  const { language } = useLanguage();
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  return (value: number): string => format.format(value);
};

/** What it measured: a chart, and the same as a table. */
const Series = ({ device }: { readonly device: DeviceView }) => {
  const say = useDevicesSay();
  const { moment } = useTimeWords();
  const number = useNumber();
  const [span, setSpan] = useState<SeriesSpan>('day');
  const [measure, setMeasure] = useState(device.measures[0]!.code);
  const [all, setAll] = useState(false);
  const series = useResource(`${device.code} ${measure} ${span}`, (signal) => call(readSeries, { params: { code: device.code }, query: { measure, span }, signal }));
  const of = device.measures.find(({ code }) => code === measure)!;
  return (
    <section className="device-series" aria-label={say('series')}>
      <div className="page-tools">
        {device.measures.length > 1 && <Views label={say('measure')} value={measure} choose={setMeasure} views={device.measures.map(({ code, name }) => ({ id: code, label: name }))} />}
        <Views label={say('span')} value={span} choose={setSpan} views={spans.map((id) => ({ id, label: say(`span.${id}`) }))} />
        <button type="button" className="btn btn-small btn-quiet" onClick={series.reload}>{say('again')}</button>
        <ExportMenu route={exportSeries} params={{ code: device.code }} asked={{ measure, span }} />
      </div>
      <Await resource={series} lines={6}>
        {(shown) => (shown.points.length === 0 ? <Empty title={say('series.none')}>{say('series.none.words')}</Empty> : (
          <>
            <h2>{of.name} <span className="dim">{of.unit} · {say(`grain.${shown.grain}`)}</span></h2>
            <Chart series={shown} title={of.name} limits={device.rules.flatMap(({ name, measure: ruled, limit }) => (ruled === measure && limit !== null ? [{ name, limit }] : []))} />
            <details className="series-table">
              <summary>{say('table', { count: shown.points.length })}</summary>
              <Table
                label={say('table', { count: shown.points.length })} rows={(all ? shown.points : shown.points.slice(-rowsShown)).toReversed()} keyOf={({ at, value, count }) => `${at} ${value} ${count}`}
                columns={[
                  { key: 'at', label: say('at'), narrow: true, cell: ({ at }) => moment(at) },
                  { key: 'value', label: `${of.name} (${of.unit})`, narrow: true, cell: ({ value }) => <b className="number">{number(value)}</b> },
                  ...(shown.grain === 'reading'
                    ? [{ key: 'marks', label: say('marks'), cell: ({ marks }: (typeof shown.points)[number]) => [marks & 1 && say('mark.clock'), marks & 2 && say('mark.beyond'), marks & 4 && say('mark.late')].filter(Boolean).join(' · ') }]
                    : [{ key: 'low', label: say('low'), narrow: true, cell: ({ low }: (typeof shown.points)[number]) => number(low) }, { key: 'high', label: say('high'), narrow: true, cell: ({ high }: (typeof shown.points)[number]) => number(high) }, { key: 'count', label: say('count'), cell: ({ count }: (typeof shown.points)[number]) => count }]),
                ]}
              />
              {!all && shown.points.length > rowsShown && <p><button type="button" className="btn" onClick={() => setAll(true)}>{say('table.all')}</button></p>}
              {shown.cut && <p className="dim">{say('table.cut')}</p>}
            </details>
          </>
        ))}
      </Await>
    </section>
  );
};

/** Key, calibration and rest: what a steward does with a device. */
const Care = ({ device, done }: { readonly device: DeviceView; readonly done: () => void }) => {
  const say = useDevicesSay();
  const [told, setTold] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<'revoke' | 'retired' | null>(null);
  const trying = async (work: () => Promise<unknown>, words: string): Promise<void> => {
    setProblem(null); setSaid(''); setAsking(null);
    try { await work(); setSaid(words); done(); } catch (error) { if (!(error instanceof Problem)) throw error; setProblem(error); }
  };
  const params = { code: device.code };
  const key = (how: 'rotate' | 'revoke') => trying(async () => setTold((await call(rotateKey, { params, body: { how } })).key), say('key.done'));
  const rest = (state: 'active' | 'resting' | 'retired') => trying(() => call(changeDevice, { params, body: { state } }), say('changed'));
  return (
    <section className="stack" aria-label={say('care')}>
      <h2>{say('care')}</h2>
      <p role="status" className={said ? 'note note-done' : 'hidden-words'}>{said}</p>
      {problem && <Failed problem={problem} />}
      {told && <div className="note" role="group" aria-label={say('key.told')}><p>{say('key.told')}</p><p><code className="device-key">{told}</code></p></div>}
      <p className="form-actions">
        <button type="button" className="btn btn-small" onClick={() => void key('rotate')}>{say(device.hasKey ? 'key.rotate' : 'key.give')}</button>
        {device.hasKey && <button type="button" className="btn btn-small" onClick={() => setAsking('revoke')}>{say('key.revoke')}</button>}
        {device.state === 'active' ? <button type="button" className="btn btn-small" onClick={() => void rest('resting')}>{say('rest')}</button> : <button type="button" className="btn btn-small" onClick={() => void rest('active')}>{say('wake')}</button>}
        {device.state !== 'retired' && <button type="button" className="btn btn-small" onClick={() => setAsking('retired')}>{say('retire')}</button>}
      </p>
      {asking && (
        <div className="note" role="group" aria-label={say(`ask.${asking}`)}>
          <p>{say(`ask.${asking}`)}</p>
          <p className="form-actions"><button type="button" className="btn btn-primary btn-small" onClick={() => void (asking === 'revoke' ? key('revoke') : rest('retired'))}>{say('ask.yes')}</button><button type="button" className="btn btn-small" onClick={() => setAsking(null)}>{say('ask.no')}</button></p>
        </div>
      )}
      <form className="calibration-form" onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        void trying(() => call(calibrate, { params, body: { measure: String(form.get('measure')), scale: Number(form.get('scale')), shift: Number(form.get('shift')) } }), say('calibrated'));
      }}>
        <h3>{say('calibration')}</h3>
        <p className="dim">{say('calibration.words')}</p>
        <div className="form-actions">
          <label>{say('measure')} <select className="field-input" name="measure">{device.measures.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</select></label>
          <label>{say('scale')} <input className="field-input" name="scale" type="number" step="any" defaultValue="1" required /></label>
          <label>{say('shift')} <input className="field-input" name="shift" type="number" step="any" defaultValue="0" required /></label>
          <button type="submit" className="btn btn-small">{say('calibrate')}</button>
        </div>
      </form>
    </section>
  );
};

/** One device: how it stands, what it measured, its alarms, and what can be done with it. */
export const Device = ({ code }: { readonly code: string }) => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const number = useNumber();
  const device: Resource<DeviceView> = useResource(`${language} device ${code}`, (signal) => call(readDevice, { params: { code }, query: {}, signal }), (news) => news.kind === 'device');
  return (
    <Await resource={device} lines={8}>
      {(shown) => (
        <div className="device">
          <header className="stack">
            <p><a href={hrefOf(['devices'])}>{say('back')}</a></p>
            <h2>{shown.name} <span className="dim number">{shown.code}</span></h2>
            <p className="form-actions"><Standing device={shown} />{shown.demo && <span className="chip chip-plain">{say('demo')}</span>}</p>
          </header>
          <dl className="device-facts">
            <div><dt>{say('kind')}</dt><dd>{shown.kind.name}</dd></div>
            <div><dt>{say('place')}</dt><dd>{shown.placeNames.join(' · ')}</dd></div>
            {shown.component && <div><dt>{say('component')}</dt><dd><a href={hrefOf(['inbox'], { box: 'all', component: shown.component })}>{shown.componentName ?? shown.component}</a></dd></div>}
            <div><dt>{say('unit')}</dt><dd>{shown.unit?.name ?? '—'}</dd></div>
            <div><dt>{say('seen')}</dt><dd>{shown.seenAt ? moment(shown.seenAt) : say('never')}</dd></div>
            <div><dt>{say('now')}</dt><dd>{shown.now.length === 0 ? '—' : shown.now.map(({ name, value, unit }) => `${name} ${number(value)} ${unit}`).join(' · ')}</dd></div>
            <div><dt>{say('key')}</dt><dd>{shown.hasKey ? say('key.since', { time: moment(shown.keyAt ?? shown.madeAt) }) : say('key.none')}{shown.keyBeforeUntil && <><br /><span className="dim">{say('key.before', { time: moment(shown.keyBeforeUntil) })}</span></>}</dd></div>
            <div><dt>{say('thinned')}</dt><dd>{number(shown.thinned)}</dd></div>
            <div><dt>{say('faults')}</dt><dd>{number(shown.faults)}{shown.faultWords && <span className="dim"> · {shown.faultWords}{shown.faultAt && ` · ${moment(shown.faultAt)}`}</span>}</dd></div>
          </dl>
          <Series device={shown} />
          <section className="stack" aria-label={say('alarms')}><h2>{say('alarms')}</h2><Alarms device={shown.code} /></section>
          {shown.calibrations.length > 0 && (
            <section className="stack"><h2>{say('calibrations')}</h2><Table label={say('calibrations')} rows={shown.calibrations} keyOf={({ measure, from }) => `${measure} ${from}`} columns={[
              { key: 'from', label: say('from'), narrow: true, cell: ({ from }) => moment(from) }, { key: 'measure', label: say('measure'), cell: ({ name }) => name }, { key: 'scale', label: say('scale'), narrow: true, cell: ({ scale }) => number(scale) },
              { key: 'shift', label: say('shift'), narrow: true, cell: ({ shift, unit }) => `${number(shift)} ${unit}` }, { key: 'by', label: say('by'), narrow: true, cell: ({ by }) => by ?? '—' },
            ]} /></section>
          )}
          {shown.mayEdit && <Care device={shown} done={device.reload} />}
        </div>
      )}
    </Await>
  );
};
