/** The mark: a paper lantern with its light on. Decorative: its name stands beside it in words. */
export const Lantern = () => (
  <svg viewBox="0 0 32 40" aria-hidden="true" focusable="false">
    <path d="M12 2h8M16 2v5" stroke="var(--lamp)" strokeWidth="2.4" strokeLinecap="round" fill="none" />
    <rect x="10" y="7" width="12" height="3" rx="1" fill="#FFF4D6" />
    <path d="M10 10h12c3.6 3 5 6 5 9.5S25.6 26 22 30H10c-3.6-4-5-7-5-10.5S6.4 13 10 10Z" fill="var(--lamp)" />
    <path d="M13.2 10c-1.8 3-2.6 6-2.6 9.7 0 3.6.8 6.8 2.6 10.3M18.8 10c1.8 3 2.6 6 2.6 9.7 0 3.6-.8 6.8-2.6 10.3" stroke="#C98A0B" strokeWidth="1.3" fill="none" />
    <rect x="10" y="30" width="12" height="3" rx="1" fill="#FFF4D6" />
    <path d="M16 33v5" stroke="#FFF4D6" strokeWidth="2" strokeLinecap="round" />
  </svg>
);
