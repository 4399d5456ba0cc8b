/** Lets the field end open without a network; where the browser or an insecure address prevents it, it stays online only. */
export const startOffline = (): void => {
  if ('serviceWorker' in navigator && isSecureContext) void navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' }).catch(() => undefined);
};

/** Takes what was kept of lists and tasks from the phone: the next person must not see it. */
export const forgetAnswers = async (): Promise<void> => {
  if ('caches' in self) await caches.delete('field-answers');
};
