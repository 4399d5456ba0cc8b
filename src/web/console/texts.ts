import { sayOf } from '../shared/language.tsx';
import consoleTexts from '../../../data/texts/console.json' with { type: 'json' };

export type ConsoleKey = keyof typeof consoleTexts;
/** Says the console's own texts. */
export const useSay = sayOf(consoleTexts);
/** True for a key that the console's catalogue has: for words that depend on data. */
export const isKey = (key: string): key is ConsoleKey => key in consoleTexts;
