/**
 * Shows what comes by web push, whether or not a page is open, and opens the matter that it is about. While the network is away it
 * gives the pages of a begun report from what keep.ts put by, and leads a form that could not be sent back to its page.
 */
(() => {
  interface Event { waitUntil(work: Promise<unknown>): void }
  interface PushEvent extends Event { readonly data: { json(): unknown } | null }
  interface ClickEvent extends Event { readonly notification: { readonly data: unknown; close(): void } }
  interface FetchEvent extends Event { readonly request: Request; respondWith(answer: Promise<Response>): void }
  interface Worker {
    addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
    addEventListener(type: 'install' | 'activate', listener: (event: Event) => void): void;
    skipWaiting(): Promise<void>;
    addEventListener(type: 'push', listener: (event: PushEvent) => void): void;
    addEventListener(type: 'notificationclick', listener: (event: ClickEvent) => void): void;
    readonly registration: { readonly scope: string; showNotification(title: string, options: object): Promise<void> };
    readonly clients: { claim(): Promise<void>; matchAll(options: object): Promise<readonly { readonly url: string; focus(): Promise<unknown> }[]>; openWindow(url: string): Promise<unknown> };
  }
  const worker = self as unknown as Worker;
  worker.addEventListener('install', (event) => { event.waitUntil(worker.skipWaiting()); });
  worker.addEventListener('activate', (event) => { event.waitUntil(worker.clients.claim()); });
  worker.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    const page = request.mode === 'navigate' && /^\/(report$|report\/|q\/)/.test(pathname);
    if (origin !== location.origin || !(page || (request.method === 'GET' && /^\/(assets\/|report\/[^/]+\/picture\/)/.test(pathname)))) return;
    event.respondWith(fetch(request).catch((away: unknown) => request.method !== 'GET'
      ? Response.redirect((request.referrer || request.url).replace(/#.*$/, '') + '#away', 303)
      : caches.match(request, { ignoreVary: true }).then((found) => { if (found) return found; throw away; })));
  });
  worker.addEventListener('push', (event) => {
    const note = (event.data ? event.data.json() : {}) as { text?: string; tag?: string; link?: string; matter?: string };
    const parts = /^[【[]([^】\]]{1,20})[】\]]\s*([\s\S]*)$/.exec(note.text || '');
    event.waitUntil(worker.registration.showNotification(parts ? parts[1]! : location.hostname, { body: parts ? parts[2] : note.text, tag: note.tag, // Staff have it at home in the console: the matter has a page there.
    data: note.link || (new URL(worker.registration.scope).pathname === '/' ? '/mine' : worker.registration.scope + (note.matter ? '#/inbox/' + encodeURIComponent(note.matter) + '?box=all' : '')) }));
  });
  worker.addEventListener('notificationclick', (event) => {
    event.notification.close();
    const link = new URL(String(event.notification.data), location.href).href;
    event.waitUntil(worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
      .then((open) => { const there = open.filter((one) => one.url === link)[0]; return there ? there.focus() : worker.clients.openWindow(link); }));
  });
})();
