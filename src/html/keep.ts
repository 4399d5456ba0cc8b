/**
 * A report where the network goes away: what is typed and chosen stays in this browser until it was received, a form that could
 * not be sent waits and is sent when the network is back, under the op that it has, so that it counts once. Loaded by enhance.ts
 * where a form says `data-keep` or where something is kept. Runs as it is written on browsers of seven years ago.
 */
(() => {
  if (!window.indexedDB || !window.fetch || !window.Promise) return;
  interface Part { name: string; value: string | File; type: string; checked: boolean }
  interface Kept { at: number; action: string; page: string; parts: Part[]; waiting?: { name: string; value: string; words: Record<string, string> } }
  const life = 86_400_000;
  const flag = 'lamplight-kept';
  const pressed = 'lamplight-pressed';
  const said = 'lamplight-said';

  const opening = new Promise<IDBDatabase>((done, failed) => {
    const asked = indexedDB.open('lamplight-report', 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore('kept'); };
    asked.onsuccess = () => { done(asked.result); };
    asked.onerror = () => { failed(asked.error); };
  });
  const ask = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    opening.then((db) => new Promise<T>((done, failed) => {
      const turn = db.transaction('kept', mode);
      const asked = work(turn.objectStore('kept'));
      turn.oncomplete = () => { done(asked.result); };
      turn.onerror = turn.onabort = () => { failed(turn.error); };
    }));
  const get = (key: string) => ask<Kept | undefined>('readonly', (store) => store.get(key) as IDBRequest<Kept | undefined>);
  const put = (key: string, kept: Kept) => { localStorage.setItem(flag, '1'); return ask('readwrite', (store) => store.put(kept, key)); };
  const drop = (key: string) => ask('readwrite', (store) => store.delete(key));
  const all = () => ask<IDBValidKey[]>('readonly', (store) => store.getAllKeys()).then((keys) =>
    Promise.all(keys.map((key) => get(String(key)).then((kept) => ({ key: String(key), kept: kept! })))));

  const forms = Array.prototype.slice.call(document.querySelectorAll('form[data-keep]')) as HTMLFormElement[];
  const controls = (form: HTMLFormElement) => (Array.prototype.slice.call(form.elements) as HTMLInputElement[]).filter((one) => one.name && one.tagName !== 'BUTTON' && one.type !== 'image');
  const actionOf = (form: HTMLFormElement): string => form.getAttribute('action')!;
  /** One form: its address, and what of several under one address it is. */
  const keyOf = (form: HTMLFormElement): string => actionOf(form) + (form.id && ' ' + form.id) + controls(form).filter((one) => one.name === 'q' || one.name === 'plate').map((one) => ' ' + one.value).join('');
  const draftOf = (path: string): string => (/^\/report\/[^/]+\//.exec(path) || [''])[0]!;

  const partsOf = (form: HTMLFormElement): Part[] => {
    const parts: Part[] = [];
    controls(form).forEach(({ name, type, value, checked, files }) => {
      if (type === 'file') Array.prototype.forEach.call(files || [], (file: File) => { parts.push({ name, type, value: file, checked }); });
      else parts.push({ name, type, value, checked });
    });
    return parts;
  };
  /** @returns false where the browser has no room for it. */
  const keep = (form: HTMLFormElement, waiting?: Kept['waiting']): Promise<boolean> =>
    put(keyOf(form), { at: Date.now(), action: actionOf(form), page: location.pathname + location.search, parts: partsOf(form), ...(waiting && { waiting }) }).then(() => true, () => false);
  const restore = (form: HTMLFormElement, kept: Kept): void => {
    const files: File[] = [];
    kept.parts.forEach((part) => {
      if (part.type === 'file') { files.push(part.value as File); return; }
      controls(form).forEach((one) => {
        if (one.name !== part.name || one.type !== part.type) return;
        if (one.type === 'radio' || one.type === 'checkbox') { if (one.value === part.value) one.checked = part.checked; } else one.value = part.value as string;
      });
    });
    const box = form.querySelector('input[type=file]') as HTMLInputElement | null;
    if (!box || files.length === 0 || !window.DataTransfer) return;
    try {
      const list = new DataTransfer();
      files.forEach((file) => { list.items.add(file); });
      box.files = list.files;
      box.dispatchEvent(new Event('change', { bubbles: true }));
    } catch { /* An old browser: they are kept still, and are chosen anew. */ }
  };

  /** Says something over the page, in the manner of its own notices. */
  const notice = (text: string, buttons: { words: string; does: () => void }[], tone: string): void => {
    const main = document.getElementById('main')!;
    let box = document.getElementById('kept');
    if (!box) {
      box = document.createElement('div');
      box.id = 'kept';
      box.setAttribute('role', 'status');
      main.insertBefore(box, main.firstChild);
    }
    box.className = 'notice ' + tone;
    box.textContent = '';
    const inner = document.createElement('div');
    const line = document.createElement('p');
    line.textContent = text;
    inner.appendChild(line);
    buttons.forEach(({ words, does }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'do second';
      button.textContent = words;
      button.addEventListener('click', does);
      inner.appendChild(button);
    });
    box.appendChild(inner);
  };
  const quiet = (): void => { const box = document.getElementById('kept'); if (box) box.parentNode!.removeChild(box); };

  let busy = false;
  const waitingOf = (list: { key: string; kept: Kept }[]) => list.filter(({ kept }) => kept.waiting).sort((a, b) => a.kept.at - b.kept.at);
  const show = (list: { key: string; kept: Kept }[]): void => {
    const first = waitingOf(list)[0];
    if (!first) { quiet(); return; }
    const words = first.kept.waiting!.words;
    notice(words['away']!, [{ words: words['now']!, does: send }, { words: words['drop']!, does: () => { void drop(first.key).then(tidy).then(all).then(show); } }], 'lamp');
  };
  const post = (key: string, kept: Kept): Promise<void> => {
    const body = new FormData();
    kept.parts.forEach((part) => { if ((part.type !== 'radio' && part.type !== 'checkbox') || part.checked) body.append(part.name, part.value); });
    const { name, value, words } = kept.waiting!;
    if (name) body.append(name, value);
    return fetch(kept.action, { method: 'POST', body, credentials: 'same-origin' }).then((answer) => {
      // Too many at once, or the house itself is unwell: later.
      if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status));
      const here = forms.filter((form) => keyOf(form) === key)[0];
      if (answer.redirected || answer.status === 404) {
        const to = new URL(answer.url);
        const sent = /\/done$/.test(to.pathname);
        return drop(key).then(tidy).then(() => {
          const text = words[answer.status === 404 ? 'ended' : sent ? 'sent' : 'onward']!;
          if (here && answer.redirected) { sessionStorage.setItem(said, text); localStorage.setItem(flag, '1'); location.assign(to.pathname + to.search); }
          else notice(text, [{ words: words['look']!, does: () => { location.assign(answer.redirected ? to.pathname + to.search : '/report'); } }], answer.redirected ? 'done' : 'late');
        });
      }
      // It was received and something has to be put right: the page says what.
      const { waiting: _, ...rest } = kept;
      return put(key, rest).then(() => { if (here) here.submit(); else location.assign(kept.page); });
    });
  };
  function send(): void {
    if (busy) return;
    busy = true;
    const work = (): Promise<void> => all().then((list) => {
      const next = waitingOf(list)[0];
      return next && post(next.key, next.kept);
    });
    // Of two pages that are open one sends.
    const locks = (navigator as { locks?: LockManager }).locks;
    (locks ? locks.request('lamplight-report', { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work())
      .catch(() => all().then(show))
      .then(() => { busy = false; }, () => { busy = false; });
  }

  /** Leaves nothing where nothing is to be kept: what was received, and what is older than a draft lives. */
  const tidy = (): Promise<void> => all().then((list) => {
    const over = /\/done$/.test(location.pathname) ? draftOf(location.pathname) : null;
    const gone = list.filter(({ kept }) => !kept.waiting && (Date.now() - kept.at > life || (over && (kept.action === '/report' || kept.action.indexOf(over) === 0))));
    return Promise.all(gone.map(({ key }) => drop(key))).then(() => {
      if (list.length > gone.length) return;
      localStorage.removeItem(flag);
      if (window.caches && forms.length === 0) void caches.delete('lamplight-report');
    });
  });

  /** The page as it stands can be opened without a network, from what the worker finds in this store. */
  const remember = (): void => {
    if (!('serviceWorker' in navigator) || !window.caches || forms.length === 0 || !navigator.onLine) return;
    navigator.serviceWorker.register('/told.js').catch(() => undefined);
    const parts = (Array.prototype.slice.call(document.querySelectorAll('link[rel=stylesheet],script[src],main img[src^="/report/"]')) as HTMLElement[]).map((one) => one.getAttribute('href') || one.getAttribute('src')!);
    caches.open('lamplight-report').then((store) => Promise.all([location.pathname + location.search, ...parts].map((one) =>
      fetch(one, { credentials: 'same-origin' }).then((answer) => (answer.ok && !answer.redirected ? store.put(one, answer) : undefined)).catch(() => undefined)))).catch(() => undefined);
  };

  const wordsOf = (form: HTMLFormElement): Record<string, string> => JSON.parse(form.getAttribute('data-keep')!) as Record<string, string>;
  const full = (form: HTMLFormElement): void => { notice(wordsOf(form)['full']!, [], 'late'); };
  let unkept: HTMLFormElement | null = null;
  const before = JSON.parse(localStorage.getItem(pressed) || 'null') as { key: string; name: string; value: string } | null;
  localStorage.removeItem(pressed);
  const away = location.hash === '#away';
  if (away) history.replaceState(null, '', location.pathname + location.search);
  const passed = before && !forms.some((form) => keyOf(form) === before.key);

  const begin = (passed ? get(before.key).then((kept) => (kept && !kept.waiting ? drop(before.key) : undefined)) : Promise.resolve(undefined)).then(() => Promise.all(forms.map((form) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: HTMLButtonElement | null = null;
    const soon = (): void => { clearTimeout(timer); timer = setTimeout(() => { void get(keyOf(form)).then((kept) => keep(form, kept && kept.waiting)); }, 300); };
    form.addEventListener('click', (event) => { last = (event.target as HTMLElement).closest('button') as HTMLButtonElement | null; });
    form.addEventListener('submit', (event) => {
      const { name = '', value = '' } = (event as SubmitEvent).submitter as HTMLButtonElement | null || last || {};
      clearTimeout(timer);
      if (navigator.onLine) { localStorage.setItem(pressed, JSON.stringify({ key: keyOf(form), name, value })); void keep(form); return; }
      event.preventDefault();
      event.stopPropagation();
      void keep(form, { name, value, words: wordsOf(form) }).then((room) => (room ? all().then(show) : full(form))).then(() => { scrollTo(0, 0); });
    });
    return get(keyOf(form)).then((kept) => {
      if (kept) restore(form, kept);
      form.addEventListener('input', soon);
      form.addEventListener('change', () => { soon(); setTimeout(soon, 2500); });
      if (!away || !before || before.key !== keyOf(form)) return;
      // What could not be kept on the way is not said to wait.
      return (kept ? keep(form, { name: before.name, value: before.value, words: wordsOf(form) }) : Promise.resolve(false)).then((room) => { if (!room) unkept = form; });
    });
  })));
  void begin.then(tidy).then(all).then((list) => {
    if (unkept) full(unkept); else show(list);
    const text = sessionStorage.getItem(said);
    if (text) { sessionStorage.removeItem(said); notice(text, [], 'done'); }
    if (waitingOf(list).length > 0) send();
    remember();
  }).catch(() => undefined);
  window.addEventListener('online', send);
  setInterval(() => { if (document.getElementById('kept') && navigator.onLine) send(); }, 20_000);
})();
