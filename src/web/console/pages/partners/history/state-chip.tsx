import type { ImportState } from '../../../../../modules/history/contract.ts';
import { Chip, type Tone } from '../../../../ui/status.tsx';
import { useHistorySay } from './texts.ts';

const tones: Readonly<Record<ImportState, Tone>> = {
  uploading: 'busy', uploaded: 'wait', checking: 'busy', checked: 'wait', running: 'busy', paused: 'wait', done: 'done', cancelled: 'plain', failed: 'late', broken: 'late',
};

/** The state of an import in its word. */
export const StateChip = ({ state }: { readonly state: ImportState }) => {
  const say = useHistorySay();
  return <Chip tone={tones[state]}>{say(`state.${state}`)}</Chip>;
};
