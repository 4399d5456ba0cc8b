import { sayOf } from '../../../shared/language.tsx';
import partnersTexts from '../../../../../data/texts/partners-pages.json' with { type: 'json' };

export type PartnersKey = keyof typeof partnersTexts;
/** Says the texts of the pages about other systems. */
export const usePartnersSay = sayOf(partnersTexts);
/** True for a key that the catalogue has: for words that depend on data. */
export const isPartnersKey = (key: string): key is PartnersKey => key in partnersTexts;
