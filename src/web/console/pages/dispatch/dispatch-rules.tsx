import { useState } from 'react';
import { listUnits } from '../../../../modules/identity/contract.ts';
import { setDispatchRules, tryDispatchRules } from '../../../../modules/cases/contract/routes.ts';
import type { DispatchRule } from '../../../../modules/cases/contract/dispatch.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { call, Problem } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { hrefOf } from '../../../shared/router.ts';
import { useSession } from '../../../shared/session.tsx';
import { CrossIcon, DownIcon } from '../../../ui/icons.tsx';
import { Failed } from '../../../ui/states.tsx';
import { useSay } from '../../texts.ts';
import { DispatchRuleForm } from './dispatch-rule-form.tsx';
import { useSettingsSay } from '../../settings/texts.ts';
import { Table } from '../table.tsx';
import { RuleVersions } from './rule-versions.tsx';

/** Days of past cases that the rules are tried with. */
const days = 30;

type Tried = ResponseOf<typeof tryDispatchRules>;

/** The rules in their order, as words; who may edit moves and removes them, and tries the list before it counts. */
export const DispatchRules = ({ version, rules, saved }: { readonly version: number; readonly rules: readonly DispatchRule[]; readonly saved: () => void }) => {
  const say = useSay();
  const settingsSay = useSettingsSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const [draft, setDraft] = useState(rules);
  const [tried, setTried] = useState<Tried | null>(null);
  /** Cases that the list sends elsewhere, as far as they were asked for. */
  const [moved, setMoved] = useState<Tried['moved']['items']>([]);
  const [next, setNext] = useState<string | null>(null);
  /** Place of the rule whose form is open; -1 for a new one. */
  const [form, setForm] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const units = useResource(`${language} units`, (signal) => call(listUnits, { query: { limit: 100 }, signal }));
  const unitName = (id: string | null): string => (id === null ? say('dispatch.nobody') : id === 'owner' ? say('dispatch.owner') : (units.data?.items.find((unit) => unit.id === id)?.name ?? id));
  const edits = session.permissions.includes('rules.edit');
  const changed = draft !== rules;
  const change = (next: readonly DispatchRule[]): void => { setDraft(next); setTried(null); setForm(null); };
  const move = (at: number, step: number): void => {
    const next = [...draft];
    const [rule] = next.splice(at, 1);
    next.splice(at + step, 0, rule!);
    change(next);
  };
  const work = async (what: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const attempt = async (): Promise<void> => {
    const answer = await call(tryDispatchRules, { body: { rules: [...draft], days } });
    setTried(answer);
    setMoved(answer.moved.items);
    setNext(answer.moved.next);
  };
  const weekday = (index: number): string => new Intl.DateTimeFormat(language, { weekday: 'narrow', timeZone: 'UTC' }).format(new Date(Date.UTC(2023, 0, 1 + index)));
  const conditions = (rule: DispatchRule): string => [
    ...(rule.code === undefined ? [] : [say('dispatch.if.code', { code: rule.code })]),
    ...(rule.place === undefined ? [] : [say('dispatch.if.place', { place: rule.place })]),
    ...(rule.hours === undefined ? [] : [say('dispatch.if.hours', { from: rule.hours[0], until: rule.hours[1] })]),
    ...(rule.weekdays === undefined ? [] : [say('dispatch.if.days', { days: rule.weekdays.map(weekday).join('、') })]),
  ].join(' · ') || say('dispatch.if.any');
  return (
    <>
      <ol className="rules">
        {draft.map((rule, at) => (
          <li key={`${JSON.stringify(rule)} ${at}`} className="rule">
            <span className="rule-order">{at + 1}</span>
            <div>
              <p><b>{rule.words[language]}</b></p>
              <p className="dim">{conditions(rule)}</p>
              <p>{say('dispatch.to', { unit: unitName(rule.unit) })}</p>
            </div>
            {edits && (
              <span className="rule-tools">
                <button type="button" className="btn btn-small rule-up" disabled={at === 0} aria-label={`${say('dispatch.up')} ${at + 1}`} onClick={() => move(at, -1)}><DownIcon /></button>
                <button type="button" className="btn btn-small" disabled={at === draft.length - 1} aria-label={`${say('dispatch.down')} ${at + 1}`} onClick={() => move(at, 1)}><DownIcon /></button>
                <button type="button" className="btn btn-small" aria-label={`${say('dispatch.edit')} ${at + 1}`} onClick={() => setForm(at)}>{say('dispatch.edit.short')}</button>
                <button type="button" className="btn btn-small" aria-label={`${say('dispatch.remove')} ${at + 1}`} onClick={() => change(draft.filter((_each, other) => other !== at))}><CrossIcon /></button>
              </span>
            )}
          </li>
        ))}
      </ol>
      {form !== null && <DispatchRuleForm key={form} rule={draft[form] ?? null} unitName={unitName} cancel={() => setForm(null)}
        // The first that fits decides: a new rule at the end would often never be asked.
        done={(rule) => change(form < 0 ? [rule, ...draft] : draft.map((each, at) => (at === form ? rule : each)))} />}
      <p className="form-actions">
        {edits && form === null && <button type="button" className="btn" onClick={() => setForm(-1)}>{say('dispatch.add')}</button>}
        <button type="button" className="btn" aria-disabled={busy} onClick={() => void work(attempt)}>{say(busy ? 'dispatch.trying' : 'dispatch.try', { days })}</button>
        {changed && !tried && edits && <span className="dim">{settingsSay('dry.first')}</span>}
        {changed && tried && <>
          <button type="button" className="btn btn-primary" onClick={() => void work(async () => { await call(setDispatchRules, { body: { version, rules: [...draft] } }); saved(); })}>{say('dispatch.save')}</button>
        </>}
        {changed && <button type="button" className="btn" onClick={() => change(rules)}>{say('dispatch.reset')}</button>}
      </p>
      {problem && <Failed problem={problem} />}
      <div role="status">{tried && <p className="note">{say('dispatch.tried', { tried: tried.tried, same: tried.same, changed: tried.changed.length })}</p>}</div>
      {tried && changed && (
        <section className="dry-run" aria-labelledby="dry-run-title">
          <h3 id="dry-run-title">{settingsSay(tried.moved.total === 0 ? 'dry.none' : 'dry.title', { count: tried.moved.total, days })}</h3>
          <ul className="pairs">{tried.moved.pairs.map(({ from, to, count }) => <li key={`${from} ${to}`}><b>{count}</b> <span>{unitName(from)} → {unitName(to)}</span></li>)}</ul>
          {moved.length > 0 && (
            <Table label={settingsSay('dry.title', { count: tried.moved.total, days })} rows={moved} keyOf={(row) => row.id} columns={[
              { key: 'case', label: say('deliveries.matter'), cell: (row) => <a href={hrefOf(['inbox', row.id], { box: 'all' })}>{row.number} {row.title}</a> },
              { key: 'from', label: settingsSay('dry.from'), cell: (row) => unitName(row.from) },
              { key: 'to', label: settingsSay('dry.to'), cell: (row) => unitName(row.to) },
            ]} />
          )}
          {next !== null && <p><button type="button" className="btn btn-small" aria-disabled={busy} onClick={() => void work(async () => {
            const more = await call(tryDispatchRules, { body: { rules: [...draft], days, after: next } });
            setMoved([...moved, ...more.moved.items]);
            setNext(more.moved.next);
          })}>{say('list.more')}</button></p>}
        </section>
      )}
      {tried && !changed && tried.changed.length > 0 && (
        <Table label={say('dispatch.rules')} rows={tried.changed} keyOf={(row) => row.id} columns={[
          { key: 'case', label: say('deliveries.matter'), cell: (row) => <a href={hrefOf(['inbox', row.id], { box: 'all' })}>{row.number} {row.title}</a> },
          { key: 'was', label: say('dispatch.was'), cell: (row) => unitName(row.was) },
          { key: 'would', label: say('dispatch.wouldgo'), cell: (row) => unitName(row.would) },
        ]} />
      )}
      <RuleVersions present={version} edits={edits} take={(list) => change(list)} />
    </>
  );
};
