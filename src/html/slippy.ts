/**
 * A map that is dragged, for pages that have one: tiles of pictures, over them what stands there. Without it the page's own
 * buttons and list do the same. Runs as it is written on browsers of seven years ago: no optional chaining, no library, no
 * WebGL, which a chat app's browser on an old phone may not have.
 *
 * `.slippy` carries the middle (`data-lng`, `data-lat`), `data-z`, `data-least`, `data-most`, addresses with `{z}/{x}/{y}`
 * (`data-base`, `data-points`, and `data-found`, a page whose list of what is seen replaces ours), and `data-pick` where a place is chosen, the address of the words for it: then the inputs
 * `lng` and `lat` of its form follow the middle, and its `[data-where]` says where that is.
 */
(() => {
  const size = 256;
  Array.prototype.forEach.call(document.querySelectorAll('.slippy'), (box: HTMLElement) => {
    const data = (name: string): string => box.getAttribute('data-' + name) || '';
    const least = Number(data('least') || 10);
    const most = Number(data('most') || 18);
    let z = Number(data('z'));
    const project = (lng: number, lat: number): [number, number] => {
      const sin = Math.sin((lat * Math.PI) / 180);
      return [lng / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
    };
    let middle = project(Number(data('lng')), Number(data('lat')));
    const layer = document.createElement('div');
    layer.className = 'layer';
    box.insertBefore(layer, box.firstChild);
    box.hidden = false;
    const form = box.closest('form');
    const where = form && data('pick') ? (form.querySelector('[data-where]') as HTMLElement) : null;
    if (form && where) form.classList.add('picks');
    const tooFar = (): boolean => where !== null && z < Number(data('sure'));
    let tiles: Record<string, HTMLElement> = {};
    /** Where the layer's own origin lies, in px of the zoom. */
    let origin = [0, 0];

    const points = (tile: HTMLElement, x: number, y: number): void => {
      if (!data('points') || !window.fetch) return;
      fetch(data('points').replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y)), { credentials: 'same-origin' })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then((list: [number, number, number, string?][]) => {
          list.forEach(([px, py, count, number]) => {
            const mark = document.createElement(number ? 'a' : 'button');
            mark.className = 'spot' + (count > 99 ? ' many' : count > 1 ? ' some' : '');
            mark.style.left = px + 'px';
            mark.style.top = py + 'px';
            mark.tabIndex = -1;
            if (number) {
              (mark as HTMLAnchorElement).href = '/reports/' + number;
              mark.setAttribute('aria-label', data('one') + ' ' + number);
            } else {
              (mark as HTMLButtonElement).type = 'button';
              mark.textContent = count > 9999 ? Math.round(count / 1000) + 'k' : String(count);
              mark.setAttribute('aria-label', data('many').replace('{count}', String(count)));
              mark.addEventListener('click', () => {
                const title = document.getElementById('found-title');
                if (z === most && title) title.focus();
                zoom(1, (x + px / size) / Math.pow(2, z), (y + py / size) / Math.pow(2, z));
              });
            }
            tile.appendChild(mark);
          });
        })
        .catch(() => undefined);
    };

    // What is seen is listed beside, once the map stands still.
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let seen = false;
    let asked = 0;
    const degrees = (x: number, y: number): [number, number] =>
      [(x - 0.5) * 360, (Math.atan((Math.exp(Math.PI * (1 - 2 * y)) - Math.exp(-Math.PI * (1 - 2 * y))) / 2) * 180) / Math.PI];
    const tell = (): void => {
      if (tooFar()) { where!.textContent = data('far'); return; }
      const [lng, lat] = degrees(middle[0], middle[1]);
      const turn = ++asked;
      fetch(data('pick') + '?lng=' + lng.toFixed(6) + '&lat=' + lat.toFixed(6), { credentials: 'same-origin' })
        .then((answer) => (answer.ok ? answer.text() : ''))
        .then((text) => { if (turn === asked) where!.textContent = text; })
        .catch(() => undefined);
    };
    const look = (): void => {
      if (where) tell();
      if (!data('found') || !window.fetch) return;
      const url = new URL(data('found'), location.href);
      const [lng, lat] = degrees(middle[0], middle[1]);
      url.searchParams.set('lng', lng.toFixed(5));
      url.searchParams.set('lat', lat.toFixed(5));
      url.searchParams.set('z', String(z));
      history.replaceState(null, '', url.pathname + url.search);
      const side = size * Math.pow(2, z);
      const [halfX, halfY] = [box.clientWidth / side / 2, box.clientHeight / side / 2];
      const [west, north] = degrees(middle[0] - halfX, middle[1] - halfY);
      const [east, south] = degrees(middle[0] + halfX, middle[1] + halfY);
      url.searchParams.set('box', [west, south, east, north].map((one) => one.toFixed(6)).join());
      const turn = ++asked;
      fetch(url.pathname + url.search, { credentials: 'same-origin' })
        .then((answer) => (answer.ok ? answer.text() : ''))
        .then((text) => {
          if (!text || turn !== asked) return;
          const page = new DOMParser().parseFromString(text, 'text/html');
          ['found', 'found-count'].forEach((id) => {
            const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
            if (old && fresh && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
          });
        })
        .catch(() => undefined);
    };

    const draw = (): void => {
      const side = size * Math.pow(2, z);
      const [left, top] = [middle[0] * side - box.clientWidth / 2, middle[1] * side - box.clientHeight / 2];
      layer.style.transform = 'translate(' + Math.round(origin[0]! - left) + 'px,' + Math.round(origin[1]! - top) + 'px)';
      const wanted: Record<string, boolean> = {};
      for (let x = Math.floor(left / size); x * size < left + box.clientWidth; x++)
        for (let y = Math.floor(top / size); y * size < top + box.clientHeight; y++) {
          const key = z + '/' + x + '/' + y;
          wanted[key] = true;
          if (tiles[key]) continue;
          const tile = document.createElement('div');
          tile.className = 'tile';
          tile.style.left = x * size - origin[0]! + 'px';
          tile.style.top = y * size - origin[1]! + 'px';
          const picture = document.createElement('img');
          picture.alt = '';
          picture.draggable = false;
          picture.src = data('base').replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
          tile.appendChild(picture);
          layer.appendChild(tile);
          tiles[key] = tile;
          points(tile, x, y);
        }
      // Those a screen away are kept: whoever drags back sees them at once.
      const keys = Object.keys(tiles);
      if (keys.length > 80) keys.forEach((key) => { if (!wanted[key]) { layer.removeChild(tiles[key]!); delete tiles[key]; } });
      const [lng, lat] = degrees(middle[0], middle[1]);
      if (form && where) {
        (form.querySelector('input[name=lng]') as HTMLInputElement).value = lng.toFixed(6);
        (form.querySelector('input[name=lat]') as HTMLInputElement).value = lat.toFixed(6);
      }
      if (seen || where) { clearTimeout(waiting); waiting = setTimeout(look, 350); }
      seen = true;
    };
    const begin = (): void => {
      const side = size * Math.pow(2, z);
      origin = [Math.round(middle[0] * side), Math.round(middle[1] * side)];
      while (layer.firstChild) layer.removeChild(layer.firstChild);
      tiles = {};
      draw();
    };
    const move = (dx: number, dy: number): void => {
      const side = size * Math.pow(2, z);
      middle = [Math.min(1, Math.max(0, middle[0] + dx / side)), Math.min(1, Math.max(0, middle[1] + dy / side))];
      draw();
    };
    function zoom(by: number, x?: number, y?: number): void {
      const to = Math.min(most, Math.max(least, z + by));
      if (x !== undefined && y !== undefined) middle = [x, y];
      z = to;
      begin();
    }

    let held: [number, number] | null = null;
    let pinch = 0;
    let began: [number, number] = [0, 0];
    let still = false;
    const press = (x: number, y: number): void => { held = began = [x, y]; still = true; };
    const drag = (x: number, y: number): void => {
      if (!held) return;
      if (Math.abs(x - began[0]) + Math.abs(y - began[1]) > 8) still = false;
      move(held[0] - x, held[1] - y);
      held = [x, y];
    };
    layer.addEventListener('mousedown', (event) => { press(event.clientX, event.clientY); event.preventDefault(); box.focus(); });
    window.addEventListener('mousemove', (event) => { drag(event.clientX, event.clientY); });
    window.addEventListener('mouseup', () => { release(); });
    // A tap where a place is chosen brings that spot to the middle; from afar it goes nearer as well.
    const release = (): void => {
      const tapped = held && still && where;
      held = null;
      if (!tapped) return;
      const around = box.getBoundingClientRect();
      move(began[0] - around.left - around.width / 2, began[1] - around.top - around.height / 2);
      if (tooFar()) zoom(2);
    };
    const apart = (touches: TouchList): number => Math.sqrt(Math.pow(touches[0]!.clientX - touches[1]!.clientX, 2) + Math.pow(touches[0]!.clientY - touches[1]!.clientY, 2));
    box.addEventListener('touchstart', (event) => {
      if (event.touches.length === 2) { pinch = apart(event.touches); held = null; } else press(event.touches[0]!.clientX, event.touches[0]!.clientY);
    }, { passive: true });
    box.addEventListener('touchmove', (event) => {
      if (event.touches.length === 2) {
        const now = apart(event.touches);
        if (now > pinch * 1.6 || now < pinch / 1.6) { zoom(now > pinch ? 1 : -1); pinch = now; }
      } else drag(event.touches[0]!.clientX, event.touches[0]!.clientY);
      event.preventDefault();
    }, { passive: false });
    box.addEventListener('touchend', (event) => { if (held && (event.target as HTMLElement).closest('.layer')) { release(); event.preventDefault(); } held = null; });
    box.addEventListener('wheel', (event) => { zoom(event.deltaY < 0 ? 1 : -1); event.preventDefault(); }, { passive: false });
    box.addEventListener('keydown', (event) => {
      const step = event.shiftKey ? 8 : 64;
      const by: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (by[event.key]) move(by[event.key]![0], by[event.key]![1]);
      else if (event.key === '+' || event.key === '=') zoom(1);
      else if (event.key === '-') zoom(-1);
      else if (event.key === 'Enter' && take && event.target === box) take.click();
      else return;
      event.preventDefault();
    });
    Array.prototype.forEach.call(box.querySelectorAll('[data-zoom]'), (button: HTMLElement) => {
      button.addEventListener('click', () => { zoom(Number(button.getAttribute('data-zoom'))); });
    });
    const take = where ? (form!.querySelector('[data-take]') as HTMLElement) : null;
    if (take) take.addEventListener('click', (event) => { if (tooFar()) { event.preventDefault(); zoom(2); } });
    window.addEventListener('resize', draw);
    begin();
  });
})();
