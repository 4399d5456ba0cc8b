/** What can be measured, in the order in which all of it is. */
export const measurements = ['intake', 'lifecycle', 'locate', 'inbox', 'search', 'proposal', 'open311', 'events', 'trace', 'page', 'map', 'outbox', 'sms', 'desk', 'history', 'sensors', 'start'] as const;
export type Measurement = (typeof measurements)[number];
