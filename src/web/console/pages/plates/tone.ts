import type { PlateState } from '../../../../modules/components/rules/plate-states.ts';
import type { Tone } from '../../../ui/status.tsx';

/** The shape and colour of a plate's state. */
export const toneOfPlate = (state: PlateState): Tone => {
  switch (state) {
    case 'ordered': return 'wait';
    case 'printed': return 'busy';
    case 'attached': return 'done';
    case 'lost': return 'late';
    case 'replaced': case 'withdrawn': return 'plain';
  }
};
