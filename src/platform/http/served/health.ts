import { isDatabaseAway } from '../problem.ts';

/** What one part says of itself. `says` is for operators: no secret, no personal data. */
export interface Health {
  readonly ok: boolean;
  readonly says: string;
}

/** Asks one part whether it is in order. */
export type HealthCheck = () => Promise<Health>;

/** Milliseconds after which a part that has not answered counts as not in order. */
const patience = 3_000;

const ask = async (check: HealthCheck): Promise<Health> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, says: `no answer within ${patience} ms` }), patience);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { ok: false, says: isDatabaseAway(error) ? 'database away' : error instanceof Error ? error.name : 'failed' };
  } finally {
    clearTimeout(timer);
  }
};

/** Asks every part at once. */
export const askAll = async (checks: ReadonlyMap<string, HealthCheck>): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, Health>> }> => {
  const answers = await Promise.all([...checks].map(async ([name, check]) => [name, await ask(check)] as const));
  return { ready: answers.every(([, { ok }]) => ok), checks: Object.fromEntries(answers) };
};
