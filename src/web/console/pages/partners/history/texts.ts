import { sayOf } from '../../../../shared/language.tsx';
import historyTexts from '../../../../../../data/texts/history.json' with { type: 'json' };

export type HistoryKey = keyof typeof historyTexts;
/** Says the texts of the pages of imports. */
export const useHistorySay = sayOf(historyTexts);
