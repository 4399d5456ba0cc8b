import { sayOf } from '../../../shared/language.tsx';
import texts from '../../../../../data/texts/rounds.json' with { type: 'json' };

/** Says the texts of the pages of patrols and shifts. */
export const useRoundsSay = sayOf(texts);
