import { useState } from 'react';
import { listRules, tryRule, type RuleItem, type TriedRule } from '../../../../modules/sensing/contract/rules.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Failed } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { ListTable, Table } from '../table.tsx';
import { useDevicesSay } from './texts.ts';

const tones = { notice: 'plain', warning: 'wait', critical: 'late' } as const;

/** What a rule would have done in the last week, with other limits where they are typed; nothing is done. */
const Trial = ({ item, close }: { readonly item: RuleItem; readonly close: () => void }) => {
  const say = useDevicesSay();
  const { moment } = useTimeWords();
  const [tried, setTried] = useState<TriedRule | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const members = (['limit', 'clear', 'minutes', 'holdSeconds'] as const).filter((member) => item.rule[member] !== undefined);
  const run = async (form: FormData): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setTried(await call(tryRule, { body: { rule: { ...item.rule, ...Object.fromEntries(members.map((member) => [member, Number(form.get(member))])) } } }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setTried(null);
    }
    setBusy(false);
  };
  return (
    <section className="note stack rule-trial" aria-label={say('try.title', { name: item.rule.name['zh-Hans'] })}>
      <h2>{say('try.title', { name: item.says })}</h2>
      <p className="dim">{say('try.words')}</p>
      <form className="form-actions" onSubmit={(event) => { event.preventDefault(); void run(new FormData(event.currentTarget)); }}>
        {members.map((member) => <label key={member}>{say(`try.${member}`)} <input className="field-input" name={member} type="number" step="any" defaultValue={item.rule[member]} required /></label>)}
        <button type="submit" className="btn btn-primary btn-small" disabled={busy}>{say('try.do')}</button>
        <button type="button" className="btn btn-small" onClick={close}>{say('try.close')}</button>
      </form>
      {problem && <Failed problem={problem} />}
      {tried && (
        <div className="stack" role="status">
          <p><b>{say('try.result', { alarms: tried.alarms, devices: tried.devicesWithAlarms, cases: tried.cases })}</b> {say('try.over', { readings: tried.readings, of: tried.devices, happened: tried.happened })}{tried.cut && ` ${say('try.cut')}`}</p>
          {tried.examples.length > 0 && <Table label={say('try.examples')} rows={tried.examples} keyOf={({ device, openedAt }) => `${device.code} ${openedAt}`} columns={[
            { key: 'device', label: say('device'), cell: ({ device }) => <a href={hrefOf(['devices', 'one', device.code])}>{device.name}</a> }, { key: 'opened', label: say('opened'), narrow: true, cell: ({ openedAt }) => moment(openedAt) },
            { key: 'ended', label: say('ended'), narrow: true, cell: ({ endedAt }) => (endedAt ? moment(endedAt) : say('going')) }, { key: 'value', label: say('now'), narrow: true, cell: ({ value }) => `${Math.round(value * 1000) / 1000} ${item.unit}` },
          ]} />}
        </div>
      )}
    </section>
  );
};

/** The rules that make alarms of readings: each in a sentence, and a way to try it. They are changed under settings. */
export const Rules = () => {
  const say = useDevicesSay();
  const { language } = useLanguage();
  const [trying, setTrying] = useState<RuleItem | null>(null);
  const rules = useResource(`${language} device rules`, async (signal) => ({ ...(await call(listRules, { query: {}, signal })), next: null }), (news) => news.kind === 'setting');
  return (
    <div className="stack">
      <p className="dim">{say('rules.words')} {rules.data?.maySet && <a href={hrefOf(['settings', 'sensing'])}>{say('rules.change')}</a>}</p>
      {trying && <Trial key={trying.rule.code} item={trying} close={() => setTrying(null)} />}
      <ListTable<RuleItem>
        label={say('rules')} resource={rules} keyOf={({ rule }) => rule.code} chosen={trying?.rule.code ?? null}
        columns={[
          { key: 'name', label: say('rule'), cell: ({ rule, own }) => <><b>{rule.name[language]}</b><br /><span className="dim number">{rule.code}</span>{own && <span className="dim"> · {say('rule.own')}</span>}{rule.off && <> · <b>{say('rule.off')}</b></>}</> },
          { key: 'kind', label: say('kind'), narrow: true, cell: ({ kindName, measureName }) => <>{kindName}<br /><span className="dim">{measureName}</span></> },
          { key: 'says', label: say('rule.says'), cell: ({ says }) => says },
          { key: 'severity', label: say('severity'), narrow: true, cell: ({ rule }) => <Chip tone={tones[rule.severity]}>{say(`severity.${rule.severity}`)}</Chip> },
          { key: 'case', label: say('rule.case'), cell: ({ categoryName }) => categoryName ?? say('rule.no_case') },
          { key: 'devices', label: say('rule.devices'), narrow: true, cell: ({ devices, open }) => <>{devices}{open > 0 && <> · <b>{say('rule.open', { count: open })}</b></>}</> },
          { key: 'try', label: say('try'), narrow: true, cell: (item) => <button type="button" className="btn btn-small" aria-label={`${say('try')} ${item.rule.name[language]}`} onClick={() => setTrying(item)}>{say('try')}</button> },
        ]}
      />
    </div>
  );
};
