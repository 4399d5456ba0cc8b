import dutyTexts from '../../../../../data/texts/duty-pages.json' with { type: 'json' };
import { sayOf } from '../../../shared/language.tsx';

/** Says the texts of duty week by week. */
export const useDutySay = sayOf(dutyTexts);
