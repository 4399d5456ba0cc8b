/** An event of the ledger, as far as a page needs it to know whether it is concerned. */
export interface News {
  readonly county: string;
  readonly seq: number;
  readonly subject: string;
  readonly kind: string;
  readonly action: string;
  readonly matter: string | null;
}

export type StreamMessage = { readonly type: 'news'; readonly news: News } | { readonly type: 'open' } | { readonly type: 'cut'; readonly since: number };

/** Pause before a stream that the server has ended is opened anew, in milliseconds. */
const again = 1500;

const readNews = (text: string): News | null => {
  try {
    const raw = JSON.parse(text) as { seq?: number; county?: string; entry?: Record<string, unknown> } & Record<string, unknown>;
    const entry = (raw.entry ?? raw) as Record<string, unknown>;
    const word = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
    return { county: word('county') || String(raw.county ?? ''), seq: Number(raw.seq ?? 0), subject: word('subject'), kind: word('kind'), action: word('action'), matter: word('matter') || null };
  } catch {
    return null;
  }
};

/**
 * Opens `/api/live` and passes on what it says. The browser resumes a broken connection by itself with
 * Last-Event-ID; a stream that the server refused is opened anew, and readers then read everything again.
 */
export const openStream = (take: (message: StreamMessage) => void): (() => void) => {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let cut = false;
  const open = (): void => {
    source = new EventSource('/api/live');
    const hear = (event: MessageEvent<string>): void => {
      const news = readNews(event.data);
      if (news) take({ type: 'news', news });
    };
    source.onopen = () => {
      cut = false;
      take({ type: 'open' });
    };
    source.onmessage = hear;
    source.addEventListener('entry', hear);
    // The log was put back to an earlier state: what is shown may be of another past and is read anew.
    source.addEventListener('reset', () => {
      take({ type: 'cut', since: Date.now() });
      take({ type: 'open' });
    });
    source.onerror = () => {
      if (!cut) take({ type: 'cut', since: Date.now() });
      cut = true;
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, again);
    };
  };
  open();
  return () => {
    if (timer) clearTimeout(timer);
    source?.close();
  };
};
