/** The family of a state: what colour and shape it takes. The word always stands beside. */
export type Tone = 'wait' | 'busy' | 'done' | 'late' | 'plain';

const shapes = {
  wait: <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  busy: <path d="M5 1a4 4 0 1 0 4 4H5Z" fill="currentColor" />,
  done: <path d="M1.5 5.4 4 8l4.6-6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />,
  late: <path d="M5 1 9.5 9H.5Z" fill="currentColor" />,
  plain: <rect x="1.5" y="1.5" width="7" height="7" rx="1" fill="currentColor" />,
} as const;

/** A state in its word, with a shape for those who do not see the colour. */
export const Chip = ({ tone, children }: { readonly tone: Tone; readonly children: string }) => (
  <span className={`chip chip-${tone}`}>
    <svg viewBox="0 0 10 10" aria-hidden="true">{shapes[tone]}</svg>
    {children}
  </span>
);

const tones: Readonly<Record<string, Tone>> = {
  reported: 'plain', collected: 'plain', checking: 'plain', checked: 'plain', filed: 'wait', dispatched: 'wait', assigned: 'wait', returned: 'late', doing: 'busy',
  accepted: 'busy', arrived: 'busy', handling: 'busy', handled: 'done', finished: 'done', verifying: 'wait', verified: 'done', done: 'done', rework: 'late', cancelled: 'plain',
  held: 'plain', extending: 'plain', closed: 'done', declined: 'plain', merged: 'plain', void: 'plain', voided: 'plain',
};

/** The tone of a matter's state; a kind that brings states of its own gets the plain one. */
export const toneOf = (state: string): Tone => tones[state] ?? 'plain';
