import type { RowChangeView } from '../../../../modules/catalogue/contract.ts';
import { useSettingsSay } from '../../settings/texts.ts';

type Change = RowChangeView['change'];
const marks: Readonly<Record<Change, string>> = { added: '＋', removed: '－', changed: '≠' };
type Field = 'majorName' | 'minorName' | 'closeCondition' | 'limitText' | 'handler' | 'authority';

/** Rows that are new, gone or other, each with what is other in it. */
export const RowChanges = ({ changes }: { readonly changes: readonly RowChangeView[] }) => {
  const say = useSettingsSay();
  if (changes.length === 0) return <p className="dim">{say('changes.none')}</p>;
  return (
    <ul className="row-changes">
      {changes.map((row) => (
        <li key={row.key} data-change={row.change}>
          <p><b>{marks[row.change]} {say(`row.change.${row.change}`)}</b> <span className="number">{row.code}</span> {row.name} · {row.condition}</p>
          <ul>
            {row.fields.map(({ field, before, after }) => (
              <li key={field}><span className="dim">{say(`row.${field as Field}`)}</span> {before !== null && <del>{before || '—'}</del>} {before !== null && after !== null && '→'} {after !== null && <ins>{after || '—'}</ins>}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
};
