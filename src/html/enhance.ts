/**
 * What a script adds to resident pages, all of it optional: "where I am now", a smaller picture before it is sent,
 * reading aloud, a follow page that renews itself. Runs as it is written on browsers of seven years ago,
 * so: no optional chaining, no modules, no library.
 */
(() => {
  const all = (selector: string): HTMLElement[] => Array.prototype.slice.call(document.querySelectorAll(selector)) as HTMLElement[];

  document.documentElement.classList.add('js');
  const errors = document.getElementById('errors');
  if (errors) errors.focus();

  // The form's own op already makes a double press harmless; this spares the wait for the second answer.
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (form.getAttribute('data-sent')) { event.preventDefault(); return; }
    form.setAttribute('data-sent', '1');
    setTimeout(() => { form.removeAttribute('data-sent'); }, 8000);
  });
  window.addEventListener('pageshow', () => { all('form[data-sent]').forEach((form) => { form.removeAttribute('data-sent'); }); });

  const locate = (button: HTMLElement): void => {
    if (!navigator.geolocation) return;
    button.hidden = false;
    const form = button.closest('form')!;
    const label = button.querySelector('span')!;
    const put = (name: string, value: string): void => {
      const input = form.querySelector('input[name="' + name + '"]') as HTMLInputElement;
      input.value = value;
    };
    button.addEventListener('click', () => {
      label.textContent = button.getAttribute('data-busy');
      navigator.geolocation.getCurrentPosition((at) => {
        put('lng', String(at.coords.longitude));
        put('lat', String(at.coords.latitude));
        label.textContent = button.getAttribute('data-found');
        // Asked for, not forced: who keeps the form while the network is away hears of it.
        if (button.getAttribute('data-send')) { if (form.requestSubmit) form.requestSubmit(); else form.submit(); }
      }, () => { label.textContent = button.getAttribute('data-failed'); }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
    });
  };

  // A browser is told only after somebody pressed for it; its own question comes then.
  const push = (button: HTMLElement): void => {
    if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window) || Notification.permission === 'denied') return;
    button.hidden = false;
    button.closest('section')!.hidden = false;
    const label = button.querySelector('span')!;
    const form = button.closest('form')!;
    const octets = (text: string): Uint8Array => {
      const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
      const all8 = new Uint8Array(raw.length);
      for (let at = 0; at < raw.length; at++) all8[at] = raw.charCodeAt(at);
      return all8;
    };
    button.addEventListener('click', () => {
      label.textContent = button.getAttribute('data-busy');
      Notification.requestPermission()
        .then((answer) => { if (answer !== 'granted') throw new Error(answer); return navigator.serviceWorker.register('/told.js'); })
        .then(() => navigator.serviceWorker.ready)
        .then((registered) => registered.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(button.getAttribute('data-key')!) as BufferSource }))
        .then((subscription) => {
          (form.querySelector('input[name="subscription"]') as HTMLInputElement).value = JSON.stringify(subscription);
          form.submit();
        })
        .catch(() => { label.textContent = button.getAttribute('data-failed'); });
    });
  };

  // What is read: the words of the page as they stand, without what is only for the eye.
  const speak = (button: HTMLElement): void => {
    if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
    button.hidden = false;
    const label = button.querySelector('span')!;
    const start = label.textContent;
    const quiet = (): void => { label.textContent = start; };
    button.addEventListener('click', () => {
      if (window.speechSynthesis.speaking) { window.speechSynthesis.cancel(); quiet(); return; }
      const main = document.getElementById('main')!.cloneNode(true) as HTMLElement;
      Array.prototype.slice.call(main.querySelectorAll('[aria-hidden],[hidden],script')).forEach((node: Element) => { node.remove(); });
      Array.prototype.slice.call(main.querySelectorAll('[aria-label]')).forEach((node: Element) => { node.textContent = node.getAttribute('aria-label'); });
      Array.prototype.slice.call(main.querySelectorAll('h1,h2,p,li,label,strong,span,a,button,dt,dd,legend')).forEach((node: Element) => { node.appendChild(document.createTextNode('。')); });
      const words = (main.textContent || '').replace(/\s+/g, ' ').replace(/(。\s*)+/g, '。');
      const speech = new SpeechSynthesisUtterance(words);
      const language = document.documentElement.lang;
      speech.lang = language === 'en' ? 'en' : language === 'zh-Hant' ? 'zh-TW' : 'zh-CN';
      speech.rate = 0.9;
      speech.onend = speech.onerror = quiet;
      label.textContent = button.getAttribute('data-stop');
      window.speechSynthesis.speak(speech);
    });
    window.addEventListener('pagehide', () => { window.speechSynthesis.cancel(); });
  };

  // A photo of a new phone is 5 to 12 MB; 1,920 pixels are enough to see a lamp by. The place in the file would be lost
  // with it, so the original goes along untouched while it is small.
  const shrink = (input: HTMLInputElement): void => {
    const edge = 1920;
    const small = 2500000;
    const around = input.closest('.drop')!;
    // The box itself is laid over the whole card, so the card shows that it has the focus.
    input.addEventListener('focus', () => { around.classList.add('held'); });
    input.addEventListener('blur', () => { around.classList.remove('held'); });
    input.addEventListener('change', () => {
      const drop = input.closest('.drop')!;
      Array.prototype.forEach.call(drop.querySelectorAll('img'), (old: HTMLElement) => { old.remove(); });
      drop.classList.remove('full');
      const chosen: File[] = Array.prototype.slice.call(input.files || []);
      const sent = chosen.slice();
      let waiting = chosen.length;
      // All are put back at once when the last is ready: an old browser keeps the originals, which are sent as they are.
      const ready = (): void => {
        waiting -= 1;
        if (waiting > 0 || !window.DataTransfer || sent.every((file, at) => file === chosen[at])) return;
        try {
          const list = new DataTransfer();
          sent.forEach((file) => { list.items.add(file); });
          input.files = list.files;
        } catch { /* The originals stay. */ }
      };
      chosen.forEach((file, at) => {
        if (file.type.indexOf('image/') !== 0) { ready(); return; }
        const picture = document.createElement('img');
        picture.onerror = ready;
        picture.onload = () => {
          drop.insertBefore(picture, drop.querySelector('.icon'));
          drop.classList.add('full');
          if (file.size <= small) { ready(); return; }
          const ratio = Math.min(1, edge / Math.max(picture.naturalWidth, picture.naturalHeight));
          const canvas = document.createElement('canvas');
          canvas.width = Math.round(picture.naturalWidth * ratio);
          canvas.height = Math.round(picture.naturalHeight * ratio);
          canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
          canvas.toBlob((blob) => {
            if (blob && blob.size < file.size) sent[at] = new File([blob], 'photo.jpg', { type: 'image/jpeg' });
            ready();
          }, 'image/jpeg', 0.85);
        };
        picture.alt = input.getAttribute('data-shrink') || '';
        picture.src = URL.createObjectURL(file);
      });
    });
  };

  // The page is asked for anew and its moving parts put in place, but for one that somebody is typing in.
  const isBusy = (part: HTMLElement): boolean =>
    part.contains(document.activeElement) ||
    Array.prototype.some.call(part.querySelectorAll('textarea,input[type=file],input:checked,details[open]:not(.why)'), (one: HTMLInputElement) => one.tagName === 'DETAILS' || one.checked || one.value !== '');
  const live = document.body.getAttribute('data-live');
  if (live && 'EventSource' in window && 'fetch' in window) {
    let running = false;
    let again = false;
    const renew = (): void => {
      if (running) { again = true; return; }
      running = true;
      fetch(location.href, { credentials: 'same-origin' })
        .then((answer) => (answer.ok ? answer.text() : ''))
        .then((text) => {
          if (!text) return;
          const page = new DOMParser().parseFromString(text, 'text/html');
          all('[data-renew]').forEach((part) => {
            const fresh = page.getElementById(part.id);
            if (!fresh || isBusy(part)) return;
            const before = part.textContent;
            part.innerHTML = fresh.innerHTML;
            const sentence = part.querySelector('#sentence');
            const said = document.getElementById('said');
            if (sentence && said && before !== part.textContent) said.textContent = sentence.textContent;
          });
        })
        .catch(() => undefined)
        .then(() => { running = false; if (again) { again = false; renew(); } });
    };
    const stream = new EventSource(live);
    stream.onmessage = renew;
    ['change', 'entry', 'matter'].forEach((name) => { stream.addEventListener(name, renew); });
  }

  // What keeps a form while the network is away comes only where there is one, or where something is kept.
  let kept = false;
  try { kept = localStorage.getItem('lamplight-kept') !== null; } catch { /* A browser that keeps nothing. */ }
  if (kept || document.querySelector('form[data-keep]')) {
    const keeper = document.createElement('script');
    keeper.src = document.body.getAttribute('data-keeper')!;
    document.head.appendChild(keeper);
  }

  all('[data-does="locate"]').forEach(locate);
  all('[data-does="speak"]').forEach(speak);
  all('[data-does="push"]').forEach(push);
  all('input[data-shrink]').forEach((input) => { shrink(input as HTMLInputElement); });
})();
