import { useState } from 'react';
import type { DispatchRule } from '../../../../modules/cases/contract/dispatch.ts';
import { listRuleVersions, readRuleVersion } from '../../../../modules/cases/contract/routes.ts';
import { call } from '../../../shared/client.ts';
import { useLanguage } from '../../../shared/language.tsx';
import { usePaged } from '../../../shared/paged.ts';
import { useResource } from '../../../shared/resource.ts';
import { useTimeWords } from '../../../shared/time.tsx';
import { Await } from '../../../ui/states.tsx';
import { Chip } from '../../../ui/status.tsx';
import { useSettingsSay } from '../../settings/texts.ts';

interface Props {
  readonly present: number;
  readonly edits: boolean;
  /** Puts an earlier list before whoever edits, to be tried and saved like any other. */
  readonly take: (rules: readonly DispatchRule[]) => void;
}

const same = (a: DispatchRule, b: DispatchRule): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
const without = (list: readonly DispatchRule[], other: readonly DispatchRule[]): readonly DispatchRule[] => list.filter((rule) => !other.some((one) => same(rule, one)));

const OneVersion = ({ version, present, edits, take }: Props & { readonly version: number }) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const seen = useResource(`rules ${version}`, (signal) => call(readRuleVersion, { params: { version }, signal }));
  return (
    <Await resource={seen} lines={2}>
      {({ rules, before }) => {
        const [added, removed] = [without(rules, before), without(before, rules)];
        return (
          <div className="version-body">
            {added.length + removed.length === 0 ? <p className="dim">{say('rules.order')}</p> : (
              <ul className="rule-changes">
                {added.map((rule, at) => <li key={`+${at}`}><ins>＋ {rule.words[language]} → {rule.unit}</ins></li>)}
                {removed.map((rule, at) => <li key={`-${at}`}><del>－ {rule.words[language]} → {rule.unit}</del></li>)}
              </ul>
            )}
            {edits && version !== present && <p><button type="button" className="btn btn-small" onClick={() => take(rules)}>{say('rules.take', { version })}</button></p>}
          </div>
        );
      }}
    </Await>
  );
};

/** Who changed the rules when; an earlier list is taken back through the same dry run as any change. */
export const RuleVersions = (props: Props) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [open, setOpen] = useState<number | null>(null);
  const list = usePaged(`${language} rule versions ${props.present}`, (after, signal) => call(listRuleVersions, { query: { limit: 5, ...(after !== null && { after: Number(after) }) }, signal })
    .then(({ items, next }) => ({ items, next: next === null ? null : String(next) })));
  return (
    <section className="versions" aria-labelledby="rule-versions">
      <h3 id="rule-versions">{say('versions.title')}</h3>
      <Await resource={list} lines={3}>
        {({ items, next }) => items.length === 0 ? <p className="note note-gap">{say('rules.versions.none')}</p> : (
          <>
            <ol className="version-list">
              {items.map((row) => (
                <li key={row.version} data-current={row.current || undefined}>
                  <button type="button" className="version-head" aria-expanded={open === row.version} onClick={() => setOpen(open === row.version ? null : row.version)}>
                    <b>{say('versions.number', { version: row.version })}</b>{row.current && <Chip tone="done">{say('versions.current')}</Chip>}
                    <span className="dim">{row.author ?? say('rules.system')} · {moment(row.at)} · {say('rules.count', { count: row.rules })}</span>
                  </button>
                  {open === row.version && <OneVersion {...props} version={row.version} />}
                </li>
              ))}
            </ol>
            {next && <p><button type="button" className="btn btn-small" onClick={list.more}>{say('versions.more')}</button></p>}
          </>
        )}
      </Await>
    </section>
  );
};
