import { useDeferredValue, useState } from 'react';
import { exportRows, importStandards, listRows, listVersions, type StandardRowView } from '../../../../modules/catalogue/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';
import { addressOf, call } from '../../../shared/client.ts';
import { useLanguage, useWebSay, type WebKey } from '../../../shared/language.tsx';
import { useResource } from '../../../shared/resource.ts';
import { useSession } from '../../../shared/session.tsx';
import { useTimeWords } from '../../../shared/time.tsx';
import { useSay } from '../../texts.ts';
import { ImportBox } from '../import-box.tsx';
import { useSettingsSay } from '../../settings/texts.ts';
import { ExportMenu } from '../../export-menu.tsx';
import { ListTable, PageFrame, Views } from '../table.tsx';
import { RowEditor } from './row-editor.tsx';
import { TableVersions } from './table-versions.tsx';

const kinds = ['all', 'component', 'event'] as const;
type Kind = (typeof kinds)[number];
const most = 200;

/** The code table: found by code, word or pinyin initials, in any of its versions; a new version is imported here. */
const Standards = () => {
  const say = useSay();
  const settingsSay = useSettingsSay();
  const webSay = useWebSay();
  const { language } = useLanguage();
  const { session } = useSession();
  const { day } = useTimeWords();
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState<Kind>('all');
  const [version, setVersion] = useState<number | null>(null);
  /** The row whose form is open; `new` for one that is not there yet. */
  const [editing, setEditing] = useState<StandardRowView | 'new' | null>(null);
  const [made, setMade] = useState<number | null>(null);
  const words = useDeferredValue(typed.trim());
  const edits = session.permissions.includes('standards.edit');
  const versions = useResource(`${language} versions`, (signal) => call(listVersions, { signal }), (news) => news.kind === 'standards');
  const rows = useResource(`${language} ${words} ${kind} ${version}`, async (signal) => {
    const { items } = await call(listRows, { query: { limit: most, ...(words && { q: words }), ...(kind !== 'all' && { kind }), ...(version !== null && { version }) }, signal });
    return { items, next: null };
  }, (news) => news.kind === 'standards');
  const newest = versions.data?.items[0]?.version;
  const current = versions.data?.items.find((each) => each.current)?.version;
  const limitWords = (row: StandardRowView) => (row.limit ? `${row.limit.amount} ${webSay(`unit.${row.limit.unit}` as WebKey)}` : <span className="warn-words">{say('standards.limit.unknown')}</span>);
  return (
    <PageFrame title={say('standards.title')} tools={
      <>
        <input className="field-input search" type="search" aria-label={say('standards.search')} placeholder={say('standards.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Views label={say('standards.kind')} value={kind} choose={setKind} views={kinds.map((id) => ({ id, label: say(`standards.kind.${id}`) }))} />
        <select className="field-input" aria-label={say('standards.version')} value={version ?? ''} onChange={(event) => setVersion(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}>
          {(versions.data?.items ?? []).map((each) => <option key={each.version} value={each.current ? '' : each.version}>{each.current ? say('standards.version.current', { name: each.name }) : each.name} · {Date.parse(each.effectiveAt) === 0 ? settingsSay('table.always') : settingsSay('table.from', { day: day(each.effectiveAt) })} · {say('standards.rows', { count: each.rows })}</option>)}
        </select>
        {session.permissions.includes('standards.read') && <ExportMenu route={exportRows} asked={{ kind, ...(words && { q: words }), ...(version !== null && { version: String(version) }) }} />}
      </>
    }>
      {session.permissions.includes('standards.import') && (
        <ImportBox<ResponseOf<typeof importStandards>>
          accept={['.csv', '.tsv', '.xlsx']}
          address={(dryRun, file) => addressOf(importStandards, {}, { dryRun, name: file.slice(0, 200) })}
          words={(answer) => say('standards.import.words', { rows: answer.rows, components: answer.components, events: answer.events, ...answer.changes, unknown: answer.notUnderstood.length })}
          done={() => { versions.reload(); rows.reload(); }}
        />
      )}
      <div className="standards-columns"><div className="standards-rows">
      {edits && newest !== undefined && <p className="form-actions"><button type="button" className="btn" onClick={() => { setEditing('new'); setMade(null); }}>{settingsSay('row.add')}</button>{newest !== current && <span className="dim">{settingsSay('table.newest', { version: newest })}</span>}</p>}
      {made !== null && <p className="note note-done" role="status">{settingsSay('area.saved', { version: made })}</p>}
      {editing && newest !== undefined && <RowEditor key={editing === 'new' ? 'new' : editing.key} base={newest} row={editing === 'new' ? null : editing} cancel={() => setEditing(null)} done={(version) => { setEditing(null); setMade(version); versions.reload(); rows.reload(); }} />}
      <ListTable<StandardRowView>
        label={say('standards.title')} resource={rows} keyOf={(row) => row.key}
        columns={[
          { key: 'code', label: say('standards.code'), narrow: true, cell: (row) => <span className="number">{row.code}</span> },
          { key: 'name', label: say('standards.name'), cell: (row) => <><b>{row.minorName}</b><br /><span className="dim">{row.majorName}</span></> },
          { key: 'open', label: say('standards.open'), cell: (row) => row.openCondition },
          { key: 'close', label: say('standards.close'), cell: (row) => row.closeCondition },
          { key: 'limit', label: say('standards.limit'), narrow: true, cell: (row) => <>{limitWords(row)}<br /><span className="dim">{row.limitText}</span></> },
          { key: 'handler', label: say('standards.handler'), cell: (row) => row.handler },
          ...(edits ? [{ key: 'edit', label: settingsSay('row.edit'), narrow: true, cell: (row: StandardRowView) => <button type="button" className="btn btn-small" aria-label={`${settingsSay('row.edit')} ${row.code} ${row.minorName} ${row.openCondition}`} onClick={() => { setEditing(row); setMade(null); }}>{say('dispatch.edit.short')}</button> }] : []),
        ]}
      />
      </div>
      <aside><TableVersions versions={versions.data?.items ?? []} edits={edits} changed={() => { versions.reload(); rows.reload(); }} /></aside></div>
    </PageFrame>
  );
};

export default Standards;
