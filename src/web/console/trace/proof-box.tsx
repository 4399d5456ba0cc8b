import { useEffect, useState } from 'react';
import type { MatterPage } from '../../../modules/matters/contract.ts';
import { readKeys, readProof } from '../../../modules/ledger/contract.ts';
import type { BundleReport } from '../../../modules/ledger/rules/bundle.ts';
import { call, Problem } from '../../shared/client.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { ProofIcon } from '../../ui/icons.tsx';
import { Failed } from '../../ui/states.tsx';
import { useSay } from '../texts.ts';
import { canCheck, checkHere } from './check.ts';
import { Findings } from './findings.tsx';

interface Checked {
  readonly report: BundleReport;
  readonly waiting: number;
  readonly file: string;
}

/** Pause before a proof that does not cover everything yet is asked for again, in milliseconds. */
const pause = 1500;

/**
 * Fetches the proof of the matter and checks it on this computer: digests, paths, order, and the signature under the
 * checkpoint. Done anew whenever the matter moves.
 */
const useChecked = (id: string, steps: number): { readonly checked: Checked | null; readonly problem: Problem | null } => {
  const [state, setState] = useState<{ readonly checked: Checked | null; readonly problem: Problem | null }>({ checked: null, problem: null });
  useEffect(() => {
    if (!canCheck()) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = async (tries: number): Promise<void> => {
      try {
        const [proof, { keys }] = await Promise.all([call(readProof, { params: { id } }), call(readKeys)]);
        const report = await checkHere(proof.file, keys);
        if (gone) return;
        setState({ checked: { report, waiting: proof.waiting, file: proof.file }, problem: null });
        if ((proof.waiting > 0 || report.entries.length < steps) && tries > 0) timer = setTimeout(() => void look(tries - 1), pause);
      } catch (error) {
        if (gone) return;
        // A county's first checkpoint is signed within moments: until then there is nothing to check against.
        if (error instanceof Problem && error.status === 404 && tries > 0) timer = setTimeout(() => void look(tries - 1), pause);
        else setState({ checked: null, problem: error instanceof Problem ? error : new Problem(0, 'broken', '', String(error)) });
      }
    };
    void look(4);
    return () => {
      gone = true;
      if (timer) clearTimeout(timer);
    };
  }, [id, steps]);
  return state;
};

const download = (name: string, text: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/** What the check found, in words and in full, and the file with which anybody can repeat it. */
export const ProofBox = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const { moment } = useTimeWords();
  const { checked, problem } = useChecked(page.matter.id, page.timeline.length);
  if (!canCheck()) return <p className="note note-wait proof">{say('proof.insecure')}</p>;
  if (problem) return <Failed problem={problem} />;
  if (!checked) return <p className="note proof" role="status">{say('proof.checking')}</p>;
  const { report, waiting, file } = checked;
  const bad = report.findings.length > 0;
  return (
    <section className={`note proof ${bad ? 'note-late' : 'note-done'}`} role={bad ? 'alert' : 'status'} data-proof={bad ? 'bad' : 'good'}>
      {bad ? (
        <>
          <p className="strong">{say('proof.failed.title')}</p>
          <Findings findings={report.findings} />
          <p>{say('proof.failed.words')}</p>
        </>
      ) : (
        <>
          <p className="strong proof-head"><ProofIcon />{say('proof.done', { count: report.entries.length })}</p>
          {report.size !== null && <p>{report.time === null ? say('proof.done.undated', { size: report.size }) : say('proof.done.signed', { size: report.size, time: moment(report.time) })}</p>}
          {waiting > 0 && <p>{say('proof.unsigned', { count: waiting })}</p>}
          <p>{say('proof.checked')}</p>
        </>
      )}
      <button type="button" className="btn btn-small" onClick={() => download(`${page.matter.number}.trace.jsonl`, file)}>{say('trace.export')}</button>
    </section>
  );
};
