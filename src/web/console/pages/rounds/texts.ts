import { sayOf } from '../../../shared/language.tsx';
import texts from '../../../../../data/texts/rounds.json' with { type: 'json' };

/** Says the texts of the pages of patrols and shifts. */
export const useRoundsSay = sayOf(texts);
/** True for a key that the catalogue has: for words that depend on data. */
export const isRoundsKey = (key: string): key is keyof typeof texts => key in texts;
