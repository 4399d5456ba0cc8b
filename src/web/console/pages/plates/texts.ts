import { sayOf } from '../../../shared/language.tsx';
import texts from '../../../../../data/texts/plates-pages.json' with { type: 'json' };

/** Says the texts of the pages of plates. */
export const usePlatesSay = sayOf(texts);
