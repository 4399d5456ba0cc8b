import { signingObstacles } from './service/signing/continuity.ts';
import type { Database } from '../../platform/database/database.ts';
import { finding, type Finding } from '../../platform/doctor/finding.ts';
import type { Keys } from '../../platform/keys.ts';

/** Whether the logs of all counties continue what was signed, for `doctor`: two findings, a lost key and a changed log. */
export const checkSigning = async (db: Database, keys: Keys): Promise<Finding[]> => {
  const obstacles = [...await signingObstacles(db, keys)];
  const of = (isKey: boolean): string => obstacles.filter(([, obstacle]) => (obstacle === 'key') === isKey).map(([county]) => county).join(', ');
  const [lost, broken] = [of(true), of(false)];
  return [
    ...(lost ? [finding('signing', 'bad', 'key', { counties: lost })] : []), ...(broken ? [finding('signing', 'bad', 'broken', { counties: broken })] : []),
    ...(obstacles.length === 0 ? [finding('signing', 'ok', 'ok')] : []),
  ];
};
