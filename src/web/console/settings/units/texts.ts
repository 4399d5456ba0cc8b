import { sayOf } from '../../../shared/language.tsx';
import officeTexts from '../../../../../data/texts/offices-pages.json' with { type: 'json' };

/** Says the texts of units and of what changed. */
export const useOfficeSay = sayOf(officeTexts);
export type OfficeKey = keyof typeof officeTexts;
