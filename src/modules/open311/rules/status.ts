/** States of a case that have an end: closed, in the terms of Open311. */
const ended = new Set(['closed', 'declined', 'merged', 'void']);

export const statusOf = (state: string): 'open' | 'closed' => (ended.has(state) ? 'closed' : 'open');

/** Both, one, or null for what is no status. */
export const readStatus = (asked: string | undefined): { readonly open: boolean; readonly closed: boolean } | null => {
  if (asked === undefined) return { open: true, closed: true };
  const parts = asked.split(',').map((part) => part.trim().toLowerCase()).filter((part) => part !== '');
  return parts.every((part) => part === 'open' || part === 'closed') ? { open: parts.length === 0 || parts.includes('open'), closed: parts.length === 0 || parts.includes('closed') } : null;
};
