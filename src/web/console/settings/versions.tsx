import { useState } from 'react';
import { backArea, exportSettingVersions, listSettingVersions, readSettingVersion, type VersionView } from '../../../modules/settings/contract/routes.ts';
import { call, Problem } from '../../shared/client.ts';
import { useLanguage } from '../../shared/language.tsx';
import { usePaged } from '../../shared/paged.ts';
import { useResource } from '../../shared/resource.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { Await, Failed } from '../../ui/states.tsx';
import { Chip } from '../../ui/status.tsx';
import { ExportMenu } from '../export-menu.tsx';
import { Changes, Effects } from './changes.tsx';
import { useSettingsSay } from './texts.ts';

interface Props {
  readonly area: string;
  /** The version that counts now. */
  readonly present: number;
  readonly edits: boolean;
  readonly changed: () => void;
}

/** What a version changed, and the way back to it with what that would do. */
const OneVersion = ({ area, version, present, edits, changed }: Props & { readonly version: number }) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const seen = useResource(`${language} ${area} ${version} ${present}`, (signal) => call(readSettingVersion, { params: { area, version }, query: {}, signal }));
  const back = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await call(backArea, { params: { area }, body: { base: present, version } });
      setAsking(false);
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Await resource={seen} lines={2}>
      {(data) => (
        <div className="version-body">
          <p className="dim">{say('versions.changed')}</p>
          <Changes changes={data.changed} />
          {edits && version !== present && !asking && <p><button type="button" className="btn btn-small" onClick={() => setAsking(true)}>{say('versions.back', { version })}</button></p>}
          {asking && (
            <div className="note" role="group" aria-label={say('versions.back', { version })}>
              <p className="strong">{say('versions.back.would')}</p>
              <Changes changes={data.back} />
              <Effects effects={data.effects} />
              {problem && <Failed problem={problem} />}
              <p className="form-actions">
                <button type="button" className="btn btn-primary btn-small" disabled={busy || data.back.length === 0} onClick={() => void back()}>{say('versions.back.do')}</button>
                <button type="button" className="btn btn-small" onClick={() => setAsking(false)}>{say('form.cancel')}</button>
              </p>
            </div>
          )}
        </div>
      )}
    </Await>
  );
};

/** Who changed an area when and why, newest first. */
export const Versions = (props: Props) => {
  const say = useSettingsSay();
  const { language } = useLanguage();
  const { moment } = useTimeWords();
  const [open, setOpen] = useState<number | null>(null);
  const list = usePaged(`${language} ${props.area} ${props.present}`, (after, signal) => call(listSettingVersions, { params: { area: props.area }, query: { limit: 10, ...(after !== null && { after: Number(after) }) }, signal })
    .then(({ items, next }) => ({ items, next: next === null ? null : String(next) })));
  const head = (row: VersionView): string => (row.author === null ? say('versions.stood') : row.author);
  return (
    <section className="versions" aria-labelledby="versions-title">
      <div className="versions-head"><h2 id="versions-title">{say('versions.title')}</h2>{props.present > 0 && <ExportMenu route={exportSettingVersions} params={{ area: props.area }} asked={{}} />}</div>
      <Await resource={list} lines={4}>
        {({ items, next }) => items.length === 0 ? <p className="note note-gap">{say('versions.none')}</p> : (
          <>
            <ol className="version-list">
              {items.map((row) => (
                <li key={row.version} data-current={row.current || undefined}>
                  <button type="button" className="version-head" aria-expanded={open === row.version} onClick={() => setOpen(open === row.version ? null : row.version)}>
                    <b>{say('versions.number', { version: row.version })}</b>{row.current && <Chip tone="done">{say('versions.current')}</Chip>}
                    <span className="dim">{head(row)} · {moment(row.at)}</span>
                    {row.backTo !== null && <span className="dim">{row.backTo === 0 ? say('versions.backed.shipped') : say('versions.backed', { version: row.backTo })}</span>}
                    {row.note && <span className="version-note">{row.note}</span>}
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
