import { checkBundle, type BundleReport } from '../../../modules/ledger/rules/bundle.ts';
import { webCrypto } from '../../../modules/ledger/rules/notes.ts';

/** True where the browser can check signatures: only on secure addresses, for only they have WebCrypto. */
export const canCheck = (): boolean => isSecureContext && 'subtle' in crypto;

/** Checks an exported proof on this computer. A key that is none of `keys`, those that the county publishes, is a finding. */
export const checkHere = async (file: string, keys: readonly string[]): Promise<BundleReport> => {
  const report = await checkBundle(file, webCrypto);
  if (report.verifier === null || keys.includes(report.verifier)) return report;
  return { ...report, findings: [{ line: 1, seq: null, what: 'bundle_other_key', params: { verifier: report.verifier } }, ...report.findings] };
};
