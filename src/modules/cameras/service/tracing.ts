import type { ConfigChecker, TraceChecker } from '../../ledger/index.ts';
import { camerasDigest } from '../store/cameras.ts';

/** The register as the last entry left it; the place that a camera falls into, which other actions move, stands outside. */
const cameras: ConfigChecker = {
  kind: 'cameras',
  async check(tx, county, entries) {
    const last = entries.findLast(({ set }) => typeof set['rowsDigest'] === 'string');
    if (!last) return [];
    const entry = String(last.set['rowsDigest']);
    const value = await camerasDigest(tx, county);
    return value === entry ? [] : [{ county, seq: last.seq, what: 'config_differs', params: { what: 'cameras', id: county, column: 'rows', entry, value } }];
  },
};

/** The register of cameras, as `trace verify` compares it with the entries. */
export const cameraChecker: TraceChecker = { config: [cameras] };
