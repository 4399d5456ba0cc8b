import { useEffect, useMemo, useRef, useState } from 'react';
import { previewArea, readArea, saveArea, type AreaView } from '../../../modules/settings/contract/routes.ts';
import type { ResponseOf } from '../../../base/route.ts';
import { call, Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { useResource } from '../../shared/resource.ts';
import { Await, Failed } from '../../ui/states.tsx';
import { CalendarEditor } from './calendar-editor.tsx';
import { Changes, Effects } from './changes.tsx';
import type { EditorProps, Wrongs } from './editor.ts';
import { SchemaField } from './schema-form.tsx';
import { finished, isMembers, sameValue, type Option, type Shape, type Value } from './shape.ts';
import { useSettingsSay } from './texts.ts';
import { Versions } from './versions.tsx';

const FormEditor = ({ area, draft, change, wrongs }: EditorProps) => {
  const options = isMembers(area.beside) && isMembers(area.beside['options']) ? (area.beside['options'] as Readonly<Record<string, readonly Option[]>>) : {};
  return <SchemaField shape={{ ...(area.schema as Shape), title: (area.schema as Shape).type === 'array' ? area.title : '' }} value={draft} shipped={area.defaults ?? undefined} optional path="" wrongs={wrongs} disabled={!area.edits} options={options} onChange={change} />;
};

const editors: Readonly<Record<string, (props: EditorProps) => React.ReactNode>> = { calendar: CalendarEditor };

type Preview = ResponseOf<typeof previewArea>;

/** An area's form: what would change and what that would do is shown before it can be saved. */
const AreaForm = ({ area, reload }: { readonly area: AreaView; readonly reload: () => void }) => {
  const say = useSettingsSay();
  const [base, setBase] = useState(area.version);
  const [draft, setDraft] = useState<Value>(area.document ?? undefined);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState<number | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const dirty = !sameValue(draft ?? null, area.document ?? null);
  const wrongs = useMemo<Wrongs>(() => new Map((problem?.errors ?? []).map(({ path, message }) => [path.replace(/^\/document/, ''), message])), [problem]);
  const Editor = editors[area.editor] ?? FormEditor;
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [dirty]);
  const [touched, setTouched] = useState(false);
  const change = (next: Value): void => { setTouched(true); setDraft(next); setPreview(null); setProblem(null); setSaved(null); };
  const take = (): void => { change(area.document ?? undefined); setTouched(false); setBase(area.version); };
  // Nothing was entered here yet: what somebody else has saved is simply shown.
  useEffect(() => { if (!touched && area.version > base) { setDraft(area.document ?? undefined); setBase(area.version); setPreview(null); } }, [touched, area, base]);
  const document = (): Value => (draft === undefined ? null : finished(area.schema as Shape, draft));
  const work = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.errors.length > 0) requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    } finally {
      setBusy(false);
    }
  };
  const look = (): Promise<void> => work(async () => setPreview(await call(previewArea, { params: { area: area.name }, body: { document: document() } })));
  const save = (): Promise<void> => work(async () => {
    const { version } = await call(saveArea, { params: { area: area.name }, body: { base, document: document(), ...(note.trim() && { note: note.trim() }) } });
    setPreview(null);
    setNote('');
    setSaved(version);
    setBase(version);
    setTouched(false);
    reload();
  });
  const moved = problem?.reason === 'settings.moved';
  return (
    <form ref={form} className="area-form" aria-label={area.title} noValidate onSubmit={(event) => { event.preventDefault(); void (preview ? save() : look()); }}>
      {touched && area.version > base && <div className="note note-wait" role="status"><p>{say('area.newer', { version: area.version })}</p><p className="form-actions"><button type="button" className="btn btn-small" onClick={take}>{say('area.newer.take')}</button>{dirty && <button type="button" className="btn btn-small" onClick={() => { setBase(area.version); setPreview(null); setProblem(null); }}>{say('area.newer.keep')}</button>}</p></div>}
      <Editor area={area} draft={draft} change={change} wrongs={wrongs} />
      {problem && (
        <>
          <Failed problem={problem} />
          {problem.errors.length > 0 && <ul className="error-list">{problem.errors.map((error) => <li key={error.path + error.message}>{error.message}</li>)}</ul>}
          {moved && <p><button type="button" className="btn btn-small" onClick={reload}>{say('area.newer.look')}</button></p>}
        </>
      )}
      <div aria-live="polite">
        {saved !== null && !dirty && <p className="note note-done">{say('area.saved', { version: saved })}</p>}
        {preview && (
          <section className="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{say('preview.title')}</h2>
            <Changes changes={preview.changes} />
            <Effects effects={preview.effects} />
            {preview.changes.length > 0 && <div className="field"><label htmlFor="change-note">{say('preview.note')}</label><input id="change-note" className="field-input" maxLength={300} value={note} onChange={(event) => setNote(event.currentTarget.value)} /></div>}
          </section>
        )}
      </div>
      {area.edits ? (
        <p className="form-actions area-actions">
          {preview && preview.changes.length > 0
            ? <button type="submit" className="btn btn-primary" disabled={busy}>{say('area.save', { version: base + 1 })}</button>
            : <button type="submit" className="btn btn-primary" disabled={busy || !dirty}>{say('area.preview')}</button>}
          {dirty && touched && <button type="button" className="btn" onClick={take}>{say('area.undo')}</button>}
          {!dirty && !area.shipped && <button type="button" className="btn" onClick={() => change(undefined)}>{say('area.shipped')}</button>}
        </p>
      ) : <p className="note note-gap">{say('area.readonly')}</p>}
    </form>
  );
};

/** One area: its form, and beside it who changed it when. */
export const AreaPage = ({ name }: { readonly name: string }) => {
  const { language } = useLanguage();
  const resource = useResource(`${language} ${name}`, (signal) => call(readArea, { params: { area: name }, query: {}, signal }), (news) => news.kind === 'settings');
  return (
    <Await resource={resource} lines={10}>
      {(area) => (
        <div className="area-columns">
          <div className="area-main">
            <h1>{area.title}</h1>
            <p className="dim">{area.about}</p>
            <AreaForm key={area.name} area={area} reload={resource.reload} />
          </div>
          <aside><Versions area={area.name} present={area.version} edits={area.edits} changed={resource.reload} /></aside>
        </div>
      )}
    </Await>
  );
};
