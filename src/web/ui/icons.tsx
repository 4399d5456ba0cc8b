import type { ReactNode } from 'react';

const icon = (children: ReactNode) => () => (
  <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

/** Line drawings of 24 units, in the colour of the text around them; always beside a word. */
export const CameraIcon = icon(<><path d="M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4z" /><circle cx="12" cy="13.2" r="3.4" /></>);
export const ListIcon = icon(<><path d="M8 6h12M8 12h12M8 18h12" /><path d="M4 6h.01M4 12h.01M4 18h.01" strokeWidth="2.6" /></>);
export const PersonIcon = icon(<><circle cx="12" cy="8" r="3.8" /><path d="M4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6" /></>);
export const PinIcon = icon(<><path d="M12 21c4.5-5 6.5-8.3 6.5-11.2a6.5 6.5 0 1 0-13 0C5.5 12.7 7.5 16 12 21Z" /><circle cx="12" cy="9.8" r="2.3" /></>);
export const CheckIcon = icon(<path d="M5 12.5 10 17.5 19.5 7" />);
export const CrossIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const BackIcon = icon(<path d="M14.5 5 8 12l6.5 7" />);
export const DownIcon = icon(<path d="M6 9.5 12 15.5 18 9.5" />);
export const SearchIcon = icon(<><circle cx="10.5" cy="10.5" r="6" /><path d="M15 15l5 5" /></>);
export const ProofIcon = icon(<><path d="M12 3l7.5 3v5.5c0 4.7-3 8-7.5 9.5-4.5-1.5-7.5-4.8-7.5-9.5V6z" /><path d="M8.5 12l2.6 2.6L15.8 9.8" /></>);
export const WaitIcon = icon(<><circle cx="12" cy="12" r="8" /><path d="M12 7.5V12l3 2" /></>);
export const WalkIcon = icon(<><circle cx="13" cy="4.8" r="1.8" /><path d="M9 21l2.2-6 2.8 2.4V21M11.2 15l.8-6-3.5 1.8V14M12 9l3 3h2.5" /></>);
