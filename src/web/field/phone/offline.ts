import type { Session, SessionMemory } from '../../shared/session.tsx';
import { dropRow, forgetAnswers, findRow, keepRow } from './kept.ts';

/** The worker by which the field end is told. */
export const fieldTeller = { script: '/field/sw.js', scope: '/field/' } as const;

/** Lets the field end open without a network; where the browser or an insecure address prevents it, it stays online only. */
export const startOffline = (): void => {
  if ('serviceWorker' in navigator && isSecureContext) void navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' }).catch(() => undefined);
  // Asks that nothing of ours is thrown away when the phone gets full; a browser that does not know it decides by itself.
  if (navigator.storage && 'persist' in navigator.storage) void navigator.storage.persist().catch(() => false);
};

/** Takes what was kept of lists, tasks and the area from the phone: the next person must not see it. What waits to be sent stays. */
export const forgetEverythingRead = async (): Promise<void> => {
  await forgetAnswers();
  if ('caches' in self) await caches.delete('field-answers');
};

/** Whoever signs in where somebody else was before finds nothing of theirs. */
export const settleIn = async (account: string): Promise<void> => {
  const before = (await findRow('facts', 'account'))?.value;
  if (before !== undefined && before !== account) await forgetEverythingRead();
  if (before !== account) await keepRow('facts', { key: 'account', value: account });
};

/** Who is signed in, for when the app is opened without a network. A phone that cannot keep it works online only. */
export const sessionMemory: SessionMemory = {
  recall: async () => ((await findRow('facts', 'session').catch(() => undefined))?.value as Session | undefined) ?? null,
  remember: async (session) => (session === null ? dropRow('facts', 'session') : keepRow('facts', { key: 'session', value: session })).catch(() => undefined),
};
