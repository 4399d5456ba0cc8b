import { sayOf } from '../../../shared/language.tsx';
import officeTexts from '../../../../../data/texts/offices-pages.json' with { type: 'json' };

/** Says the texts of units and of what changed. */
export const useOfficeSay = sayOf(officeTexts);
export type OfficeKey = keyof typeof officeTexts;
/** True for a key that the catalogue has: for words that depend on data. */
export const isOfficeKey = (key: string): key is OfficeKey => key in officeTexts;
