import type { ChangeView, EffectView } from '../../../modules/settings/contract/routes.ts';
import { useSettingsSay } from './texts.ts';

const marks = { plain: '·', warn: '△', late: '!', done: '✓' } as const;

/** What would be, or was, other than before: what stood there, what stands there. */
export const Changes = ({ changes, absent }: { readonly changes: readonly ChangeView[]; /** What stands for nothing, where nothing is not what ships. */ readonly absent?: string }) => {
  const say = useSettingsSay();
  if (changes.length === 0) return <p className="dim">{say('changes.none')}</p>;
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.path}>
          <dt>{change.label}</dt>
          <dd><del>{change.before ?? absent ?? say('changes.shipped')}</del> <span aria-hidden="true">→</span><span className="hidden-words">{say('changes.to')}</span> <ins>{change.after ?? absent ?? say('changes.shipped')}</ins></dd>
        </div>
      ))}
    </dl>
  );
};

/** What a change does, counted; the mark says it before the colour. */
export const Effects = ({ effects }: { readonly effects: readonly EffectView[] }) => (
  <ul className="effects">{effects.map((effect) => <li key={effect.words} data-tone={effect.tone}><b aria-hidden="true">{marks[effect.tone]}</b> {effect.words}</li>)}</ul>
);
