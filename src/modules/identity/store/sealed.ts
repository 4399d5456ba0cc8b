import type { SealedTable } from '../../../platform/sealed.ts';

/** Where this module keeps sealed values. */
export const identitySealed: readonly SealedTable[] = [
  { table: 'account', columns: { phone: 'phone', email: 'email' } },
  { table: 'contact', columns: { phone: 'phone', email: 'email', postal: 'postal' } },
  { table: 'consent', columns: { spoken: 'consent' } },
];
