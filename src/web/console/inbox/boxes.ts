/** The boxes of the inbox, in the order of their tabs. */
export const boxes = ['todo', 'mine', 'unit', 'all', 'ended'] as const;
export type Box = (typeof boxes)[number];
