import { sayOf } from '../shared/language.tsx';
import consoleTexts from '../../../data/texts/console.json' with { type: 'json' };
import deskTexts from '../../../data/texts/desk.json' with { type: 'json' };

const texts = { ...consoleTexts, ...deskTexts };
export type ConsoleKey = keyof typeof texts;
/** Says the console's own texts. */
export const useSay = sayOf(texts);
/** True for a key that the console's catalogue has: for words that depend on data. */
export const isKey = (key: string): key is ConsoleKey => key in texts;
