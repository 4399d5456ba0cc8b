import { sayOf } from '../shared/language.tsx';
import fieldTexts from '../../../data/texts/field.json' with { type: 'json' };

/** Says the field end's own texts. */
export const useSay = sayOf(fieldTexts);
