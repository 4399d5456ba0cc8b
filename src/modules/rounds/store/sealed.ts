import type { SealedTable } from '../../../platform/sealed.ts';

/** Where this module keeps sealed values. */
export const roundsSealed: readonly SealedTable[] = [
  { table: 'household_visit', columns: { words: 'visit' } },
  { table: 'shift_handover', columns: { remarks: 'handover', answer: 'handover' } },
];
