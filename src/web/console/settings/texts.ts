import { sayOf } from '../../shared/language.tsx';
import settingsTexts from '../../../../data/texts/settings-pages.json' with { type: 'json' };

/** Says the texts of the settings pages. */
export const useSettingsSay = sayOf(settingsTexts);
