import { sayOf } from '../../../shared/language.tsx';
import rightsTexts from '../../../../../data/texts/rights-pages.json' with { type: 'json' };

/** Says the texts of roles and rights. */
export const useRightsSay = sayOf(rightsTexts);
