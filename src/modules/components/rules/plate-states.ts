/** 标牌状态: ordered and not yet printed; printed; hanging at its target; lost; another one took its place; withdrawn by mistake or for good. */
export const plateStates = ['ordered', 'printed', 'attached', 'lost', 'replaced', 'withdrawn'] as const;
export type PlateState = (typeof plateStates)[number];

/** States in which a scan leads nowhere: the plate is revoked. */
export const isRevoked = (state: PlateState): boolean => state === 'lost' || state === 'replaced' || state === 'withdrawn';

/**
 * What may follow which state. Whatever is found again or was said by mistake has a way back, as long as no other plate stands
 * for the same target; a plate that was replaced has none: its successor hangs there.
 */
export const plateMoves: Readonly<Record<PlateState, readonly PlateState[]>> = {
  ordered: ['printed', 'attached', 'lost', 'replaced', 'withdrawn'],
  printed: ['ordered', 'attached', 'lost', 'replaced', 'withdrawn'],
  attached: ['printed', 'attached', 'lost', 'replaced', 'withdrawn'],
  lost: ['printed', 'attached', 'replaced'],
  withdrawn: ['printed', 'attached'],
  replaced: [],
};

/** What plates are made for: a component, a place (a gate or a notice board of it), or nothing yet. */
export const plateKinds = ['component', 'gate', 'blank'] as const;
export type PlateKind = (typeof plateKinds)[number];

/** Plates of one batch. */
export const batchAtMost = 1_000;
