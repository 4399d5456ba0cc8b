import type { BundleFinding } from '../../../modules/ledger/rules/bundle.ts';
import { isKey, useSay } from '../texts.ts';

/** Everything that does not hold, each with its place. */
export const Findings = ({ findings }: { readonly findings: readonly BundleFinding[] }) => {
  const say = useSay();
  return (
    <ul className="findings">
      {findings.map((finding, at) => {
        const key = `finding.${finding.what}`;
        const where = finding.seq === null ? say('ledger.verify.line', { line: finding.line }) : say('ledger.verify.entry', { seq: finding.seq });
        return <li key={at}>{say('proof.failed', { where, what: isKey(key) ? say(key, finding.params) : finding.what })}</li>;
      })}
    </ul>
  );
};
