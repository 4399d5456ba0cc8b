import { useId, type ReactNode } from 'react';
import { clockOf, minutesOf } from '../../shared/clock-field.ts';
import { languages } from '../../../base/text/language.ts';
import { useLanguage, useWebSay, type WebKey } from '../../shared/language.tsx';
import { CrossIcon, DownIcon } from '../../ui/icons.tsx';
import type { Wrongs } from './editor.ts';
import { blankOf, isLimit, isMembers, isWords, withMember, type Members, type Option, type Shape, type Value } from './shape.ts';
import { useSettingsSay } from './texts.ts';

interface Props {
  readonly shape: Shape;
  /** The county's own value; undefined where what ships counts. */
  readonly value: Value;
  /** What ships; undefined where nothing does. */
  readonly shipped: Value;
  readonly onChange: (value: Value) => void;
  /** JSON pointer of the value. */
  readonly path: string;
  readonly wrongs: Wrongs;
  readonly disabled: boolean;
  /** Choices that depend on data, by member. */
  readonly options: Readonly<Record<string, readonly Option[]>>;
  /** Whether the value may be left out. */
  readonly optional: boolean;
}

const units = ['workingHour', 'workingDay', 'urgentHour', 'urgentDay'] as const;

/** What is wrong at a value or anywhere inside it, for controls that show several values as one. */
const wrongAt = (wrongs: Wrongs, path: string, inside: boolean): string | null =>
  wrongs.get(path) ?? (inside ? ([...wrongs].find(([at]) => at.startsWith(`${path}/`))?.[1] ?? null) : null);

/** A label above one control, with its hint, what ships, and what is wrong. */
const Line = ({ props, inside = false, children }: { readonly props: Props; readonly inside?: boolean; readonly children: (id: string, described: { 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode }) => {
  const id = useId();
  const say = useSettingsSay();
  const { shape, path, wrongs, value, shipped, optional, disabled, onChange } = props;
  const wrong = wrongAt(wrongs, path, inside);
  const hints = [...(shape.description ? [`${id}-hint`] : []), ...(wrong ? [`${id}-wrong`] : [])];
  return (
    <div className="field setting" data-own={(optional && value !== undefined && shipped !== undefined) || undefined} data-path={path}>
      <label htmlFor={id}>{shape.title ?? path.split('/').at(-1)}</label>
      {shape.description && <p className="field-hint" id={`${id}-hint`}>{shape.description}</p>}
      <div className="setting-line">
        {children(id, { ...(hints.length > 0 && { 'aria-describedby': hints.join(' ') }), ...(wrong && { 'aria-invalid': true as const }) })}
        {optional && value !== undefined && shipped !== undefined && !disabled && <button type="button" className="btn btn-small" onClick={() => onChange(undefined)} aria-label={`${say('form.shipped.use')}: ${shape.title ?? ''}`}>{say('form.shipped.use')}</button>}
      </div>
      {wrong && <p className="field-error" id={`${id}-wrong`}>{wrong}</p>}
    </div>
  );
};

const NumberLine = (props: Props) => {
  const { shape, value, shipped, onChange, disabled } = props;
  return (
    <Line props={props}>
      {(id, described) => <input id={id} className="field-input setting-number" type="number" disabled={disabled} {...(shape.minimum !== undefined && { min: shape.minimum })} {...(shape.maximum !== undefined && { max: shape.maximum })} step={shape.type === 'integer' ? 1 : 'any'} placeholder={typeof shipped === 'number' ? String(shipped) : ''} value={typeof value === 'number' ? value : ''} onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.valueAsNumber)} {...described} />}
    </Line>
  );
};

const MinutesLine = (props: Props) => {
  const { value, shipped, onChange, disabled } = props;
  const present = typeof value === 'number' ? value : shipped;
  return (
    <Line props={props}>
      {(id, described) => <input id={id} className="field-input setting-number" type="time" disabled={disabled} value={typeof present === 'number' ? clockOf(present) : ''} onChange={(event) => onChange(minutesOf(event.currentTarget.value))} {...described} />}
    </Line>
  );
};

const ChoiceLine = ({ choices, ...props }: Props & { readonly choices: readonly Option[] }) => {
  const say = useSettingsSay();
  const { value, shipped, onChange, disabled, optional } = props;
  const shippedWords = choices.find((each) => each.value === shipped)?.words;
  return (
    <Line props={{ ...props, optional: false }}>
      {(id, described) => (
        <select id={id} className="field-input" disabled={disabled} value={value === undefined ? '' : String(value)} onChange={(event) => onChange(choices.find((each) => String(each.value) === event.currentTarget.value)?.value)} {...described}>
          {(optional || value === undefined) && <option value="">{shippedWords === undefined ? say('form.unset') : say('form.shipped.value', { value: shippedWords })}</option>}
          {choices.map((each) => <option key={each.value} value={String(each.value)}>{each.words}</option>)}
        </select>
      )}
    </Line>
  );
};

const YesNoLine = (props: Props) => {
  const say = useSettingsSay();
  const choices = [{ value: 'true', words: say('form.yes') }, { value: 'false', words: say('form.no') }];
  return <ChoiceLine {...props} choices={choices} value={typeof props.value === 'boolean' ? String(props.value) : undefined} shipped={typeof props.shipped === 'boolean' ? String(props.shipped) : undefined} onChange={(value) => props.onChange(value === undefined ? undefined : value === 'true')} />;
};

const TextLine = (props: Props) => {
  const { shape, value, shipped, onChange, disabled, optional } = props;
  const common = { disabled, placeholder: typeof shipped === 'string' ? shipped : '', value: typeof value === 'string' ? value : '', ...(shape.maxLength !== undefined && { maxLength: shape.maxLength }) };
  const set = (text: string): void => onChange(text === '' && optional ? undefined : text);
  return (
    <Line props={props}>
      {(id, described) => ((shape.maxLength ?? 0) > 200 || shape['x-control'] === 'text'
        ? <textarea id={id} className="field-input" rows={3} {...common} onChange={(event) => set(event.currentTarget.value)} {...described} />
        : <input id={id} className="field-input" type="text" {...common} onChange={(event) => set(event.currentTarget.value)} {...described} />)}
    </Line>
  );
};

const LimitLine = (props: Props) => {
  const webSay = useWebSay();
  const say = useSettingsSay();
  const { value, shipped, onChange, disabled, shape } = props;
  const present = (isMembers(value) ? value : isMembers(shipped) ? shipped : { amount: 1, unit: 'workingDay' }) as { amount: number; unit: string };
  return (
    <Line props={props} inside>
      {(id, described) => (
        <>
          <input id={id} className="field-input setting-number" type="number" min={0.5} max={1000} step={0.5} disabled={disabled} value={Number.isFinite(present.amount) ? present.amount : ''} onChange={(event) => onChange({ amount: event.currentTarget.valueAsNumber, unit: present.unit })} {...described} />
          <select className="field-input setting-unit" aria-label={`${shape.title ?? ''} ${say('form.unit')}`} disabled={disabled} value={present.unit} onChange={(event) => onChange({ amount: present.amount, unit: event.currentTarget.value })}>
            {units.map((unit) => <option key={unit} value={unit}>{webSay(`unit.${unit}` as WebKey)}</option>)}
          </select>
        </>
      )}
    </Line>
  );
};

/** A text in three languages; those that are left empty say what was written. */
const WordsLines = ({ shape, value, shipped, onChange, path, wrongs, disabled }: Props) => {
  const { language } = useLanguage();
  const webSay = useWebSay();
  const id = useId();
  const members = isMembers(value) ? value : undefined;
  const long = (shape.properties?.['zh-Hans']?.maxLength ?? 0) > 150;
  return (
    <fieldset className="setting-words" data-path={path}>
      <legend className="field-label">{shape.title}</legend>
      {shape.description && <p className="field-hint" id={`${id}-hint`}>{shape.description}</p>}
      {[language, ...languages.filter((each) => each !== language)].map((each) => {
        const wrong = wrongs.get(`${path}/${each}`);
        const common = {
          id: `${id}-${each}`, lang: each, disabled, className: 'field-input', value: String(members?.[each] ?? ''), placeholder: isMembers(shipped) ? String(shipped[each] ?? '') : '',
          ...(shape.properties?.[each]?.maxLength !== undefined && { maxLength: shape.properties[each].maxLength }), ...(wrong && { 'aria-invalid': true as const, 'aria-describedby': `${id}-${each}-wrong` }),
        };
        const set = (text: string): void => onChange({ 'zh-Hans': '', 'zh-Hant': '', en: '', ...members, [each]: text });
        return (
          <div className="setting-words-line" key={each}>
            <label htmlFor={`${id}-${each}`}>{webSay(`lang.${each}`)}</label>
            {long ? <textarea rows={2} {...common} onChange={(event) => set(event.currentTarget.value)} /> : <input type="text" {...common} onChange={(event) => set(event.currentTarget.value)} />}
            {wrong && <p className="field-error" id={`${id}-${each}-wrong`}>{wrong}</p>}
          </div>
        );
      })}
    </fieldset>
  );
};

/** Several of a few values. */
const ManyChoices = ({ choices, ...props }: Props & { readonly choices: readonly Option[] }) => {
  const say = useSettingsSay();
  const { shape, value, shipped, onChange, disabled, path } = props;
  const own = Array.isArray(value);
  const present = (own ? value : Array.isArray(shipped) ? shipped : []) as readonly (string | number)[];
  return (
    <fieldset className="setting-group" data-path={path}>
      <legend className="field-label">{shape.title}</legend>
      {shape.description && <p className="field-hint">{shape.description}</p>}
      <p className="setting-state">{own ? say('form.list.own', { count: present.length }) : say('form.list.shipped', { count: present.length })}{own && !disabled && props.optional && <button type="button" className="btn btn-small" onClick={() => onChange(undefined)}>{say('form.shipped.use')}</button>}</p>
      <div className="setting-checks">
        {choices.map((each) => (
          <label className="check" key={each.value}>
            <input type="checkbox" disabled={disabled} checked={present.includes(each.value)} onChange={(event) => onChange(choices.map((one) => one.value).filter((one) => (one === each.value ? event.currentTarget.checked : present.includes(one))))} />
            {each.words}
          </label>
        ))}
      </div>
      {wrongAt(props.wrongs, path, true) && <p className="field-error">{wrongAt(props.wrongs, path, true)}</p>}
    </fieldset>
  );
};

/** What an item of a list is called: its name where it has one. */
const itemName = (item: Value, language: string): string => {
  if (!isMembers(item)) return String(item ?? '');
  const name = item['name'] ?? item['title'] ?? item['label'] ?? item['description'];
  return isMembers(name) ? String(name[language] ?? '') : String(name ?? item['key'] ?? '');
};

/** What an item without a name of its own says: its members with their titles. */
const itemWords = (shape: Shape, item: Value): string => {
  const words = (of: Shape, value: Value): string => {
    if (Array.isArray(value)) return value.map((each) => words(of.items ?? {}, each)).join('、');
    return of['x-options']?.find((option) => option.value === value)?.words ?? of['x-said']?.[String(value)] ?? (isMembers(value) ? itemWords(of, value) : String(value ?? ''));
  };
  return isMembers(item) ? Object.entries(item).map(([name, value]) => `${shape.properties?.[name]?.title ?? name}：${words(shape.properties?.[name] ?? {}, value)}`).join('，') : '';
};

/** A list whose items are changed, moved, added and taken away; or the one that ships, until the county makes its own. */
const ListBlock = (props: Props) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const { shape, value, shipped, onChange, disabled, path, wrongs, optional, options } = props;
  const own = Array.isArray(value) ? (value as readonly Value[]) : null;
  const present = own ?? (Array.isArray(shipped) ? (shipped as readonly Value[]) : []);
  const item = shape.items ?? {};
  // Where nothing ships, an empty list is none.
  const set = (next: readonly Value[]): void => onChange(next.length === 0 && optional && shipped === undefined ? undefined : next);
  return (
    <fieldset className="setting-group" data-path={path}>
      <legend className="field-label">{shape.title}</legend>
      {shape.description && <p className="field-hint">{shape.description}</p>}
      {wrongs.get(path) && <p className="field-error">{wrongs.get(path)}</p>}
      {optional && shipped !== undefined && (
        <p className="setting-state">
          {own ? say('form.list.own', { count: own.length }) : say('form.list.shipped', { count: present.length })}
          {!disabled && (own ? <button type="button" className="btn btn-small" onClick={() => onChange(undefined)}>{say('form.shipped.use')}</button> : <button type="button" className="btn btn-small" onClick={() => onChange(structuredClone(present))}>{say('form.list.make')}</button>)}
        </p>
      )}
      {own === null && optional && shipped !== undefined ? (
        <ul className="setting-shipped">{present.map((each, at) => <li key={at}>{itemName(each, language) || itemWords(item, each)}</li>)}</ul>
      ) : (
        <>
          <ol className="setting-items">
            {present.map((each, at) => (
              <li key={at} className="setting-item">
                <div className="setting-item-head">
                  <b>{itemName(each, language) || `${item.title ?? ''} ${at + 1}`}</b>
                  {!disabled && (
                    <span className="rule-tools">
                      <button type="button" className="btn btn-small rule-up" disabled={at === 0} aria-label={say('form.item.up', { order: at + 1 })} onClick={() => { const next = [...present]; next.splice(at - 1, 0, ...next.splice(at, 1)); set(next); }}><DownIcon /></button>
                      <button type="button" className="btn btn-small" disabled={at === present.length - 1} aria-label={say('form.item.down', { order: at + 1 })} onClick={() => { const next = [...present]; next.splice(at + 1, 0, ...next.splice(at, 1)); set(next); }}><DownIcon /></button>
                      <button type="button" className="btn btn-small" aria-label={say('form.item.remove', { order: at + 1 })} onClick={() => set(present.filter((_, index) => index !== at))}><CrossIcon /></button>
                    </span>
                  )}
                </div>
                <SchemaField shape={{ ...item, title: '' }} value={each} shipped={undefined} optional={false} path={`${path}/${at}`} wrongs={wrongs} disabled={disabled} options={options} onChange={(next) => set(present.map((other, index) => (index === at ? next : other)))} />
              </li>
            ))}
          </ol>
          {!disabled && (shape.maxItems === undefined || present.length < shape.maxItems) && <p><button type="button" className="btn" onClick={() => set([...present, blankOf(item)])}>{say('form.item.add', { what: item.title ?? '' })}</button></p>}
        </>
      )}
    </fieldset>
  );
};

/** Values under names, each opened by itself: those that ship, and those that the county has of its own. */
const RecordBlock = (props: Props) => {
  const say = useSettingsSay();
  const { shape, value, onChange, disabled, path, wrongs, shipped, options } = props;
  const members = isMembers(value) ? value : {};
  const ships = isMembers(shipped) ? shipped : {};
  const called = options[path.split('/').at(-1) ?? ''];
  return (
    <fieldset className="setting-group" data-path={path}>
      <legend className="field-label">{shape.title}</legend>
      {shape.description && <p className="field-hint">{shape.description}</p>}
      {wrongs.get(path) && <p className="field-error">{wrongs.get(path)}</p>}
      {[...new Set([...Object.keys(ships), ...Object.keys(members)])].map((name) => (
        <details key={name} className="setting-item" {...(wrongAt(wrongs, `${path}/${name}`, true) && { open: true })}>
          <summary className="setting-item-head"><b>{called?.find((each) => each.value === name)?.words ?? name}</b>{name in members && <span className="setting-own">{say('list.set')}</span>}</summary>
          {!disabled && name in members && <p><button type="button" className="btn btn-small" onClick={() => onChange(withMember(members, name, undefined))}>{say(name in ships ? 'form.shipped.use' : 'form.remove')}</button></p>}
          <SchemaField shape={{ ...shape['x-value'], title: '' }} value={members[name]} shipped={ships[name]} optional path={`${path}/${name}`} wrongs={wrongs} disabled={disabled} options={options} onChange={(next) => onChange(withMember(members, name, next))} />
        </details>
      ))}
    </fieldset>
  );
};

const ObjectBlock = ({ shape, value, shipped, onChange, path, wrongs, disabled, options, optional }: Props) => {
  const members = isMembers(value) ? value : undefined;
  const inner = Object.entries(shape.properties ?? {}).map(([name, member]) => (
    <SchemaField
      key={name} shape={member} value={members?.[name]} shipped={isMembers(shipped) ? shipped[name] : undefined} optional={!(shape.required ?? []).includes(name)}
      path={`${path}/${name}`} wrongs={wrongs} disabled={disabled} options={options}
      onChange={(next) => onChange(withMember(members as Members | undefined, name, next) ?? (optional ? undefined : {}))}
    />
  ));
  const wrong = wrongs.get(path);
  if (!shape.title) return <div className="setting-members">{wrong && <p className="field-error">{wrong}</p>}{inner}</div>;
  return <fieldset className="setting-group" data-path={path}><legend className="field-label">{shape.title}</legend>{shape.description && <p className="field-hint">{shape.description}</p>}{wrong && <p className="field-error">{wrong}</p>}<div className="setting-members">{inner}</div></fieldset>;
};

/** The control that fits a value: made from its schema, with what ships beside it and what is wrong at it. */
export const SchemaField = (props: Props): ReactNode => {
  const { shape, path } = props;
  const given = props.options[path.split('/').at(-1) ?? ''];
  if (isWords(shape)) return <WordsLines {...props} />;
  if (isLimit(shape)) return <LimitLine {...props} />;
  if (shape.type === 'array') {
    const choices = given ?? shape.items?.['x-options'];
    return choices ? <ManyChoices {...props} choices={choices} /> : <ListBlock {...props} />;
  }
  if (shape.properties) return <ObjectBlock {...props} />;
  if (shape['x-value']) return <RecordBlock {...props} />;
  const choices = given ?? shape['x-options'];
  if (choices) return <ChoiceLine {...props} choices={choices} />;
  if (shape.type === 'boolean') return <YesNoLine {...props} />;
  if (shape['x-control'] === 'minutes') return <MinutesLine {...props} />;
  if (shape.type === 'integer' || shape.type === 'number') return <NumberLine {...props} />;
  return <TextLine {...props} />;
};
