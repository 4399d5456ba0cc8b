/**
 * The field end without a network: its files come from the phone, and so do pictures of tasks and who is signed in. Lists and
 * tasks are kept by the pages themselves, with their age. Actions never go through here: the outbox keeps and sends them.
 */

/** What TypeScript's DOM library does not know of a service worker. */
interface Worker {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'fetch', listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'push', listener: (event: { readonly data: { json(): unknown } | null; waitUntil(work: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: { readonly notification: { readonly data: unknown; close(): void }; waitUntil(work: Promise<unknown>): void }) => void): void;
  readonly registration: { readonly scope: string; showNotification(title: string, options: object): Promise<void> };
  readonly clients: { claim(): Promise<void>; matchAll(options: object): Promise<readonly { readonly url: string; focus(): Promise<unknown> }[]>; openWindow(url: string): Promise<unknown> };
}
const worker = self as unknown as Worker;

/** Addresses of the files of this build; the build puts them in. */
const files = JSON.parse('__FILES__') as string[];
const shell = `field-${files.join().length}-${files.map((file) => file.slice(-12, -3)).join('')}`.slice(0, 120);
/** Answers that are kept for a time without a network; deleted when somebody signs out. */
const answers = 'field-answers';
/** Longer than this nobody waits for a page that the phone has, in milliseconds. */
const patience = 3000;

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(shell).then((cache) => cache.addAll(files)).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('field-') && name !== shell && name !== answers).map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  );
});

const withinPatience = (request: Request): Promise<Response> =>
  Promise.race([fetch(request), new Promise<Response>((_resolve, reject) => setTimeout(() => reject(new Error('slow')), patience))]);

/** From the network, kept for later; from the phone where the network gives no answer. */
const newest = async (request: Request): Promise<Response> => {
  const cache = await caches.open(answers);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    // Its Date is that of the day it was read: whoever learns the time from answers must know.
    if (kept) return new Response(kept.body, { status: kept.status, headers: [...kept.headers, ['x-kept', '1']] });
    throw error;
  }
};

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname.startsWith('/field/'))
    event.respondWith(withinPatience(request).catch(async () => (await caches.match('/field/')) ?? fetch(request)));
  else if (pathname.startsWith('/field/')) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (pathname === '/api/about' || pathname.startsWith('/api/blobs/')) event.respondWith(newest(request));
});

// What is given to whoever is signed in here, whether or not the app is open; a press opens the task that it is about.
worker.addEventListener('push', (event) => {
  const note = (event.data?.json() ?? {}) as { readonly text?: string; readonly tag?: string; readonly matter?: string };
  const [, head, words] = /^[【[]([^】\]]{1,20})[】\]]\s*([\s\S]*)$/.exec(note.text ?? '') ?? [undefined, location.hostname, note.text ?? ''];
  event.waitUntil(worker.registration.showNotification(head!, { body: words, tag: note.tag, data: `${worker.registration.scope}#/${note.matter === undefined ? 'tasks' : `task/${encodeURIComponent(note.matter)}`}` }));
});
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const link = String(event.notification.data);
  event.waitUntil(worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
    .then((open) => open.find(({ url }) => url === link)?.focus() ?? worker.clients.openWindow(link)));
});
