import { sayOf } from '../../../shared/language.tsx';
import texts from '../../../../../data/texts/sensing-pages.json' with { type: 'json' };

/** Says the texts of the pages of devices. */
export const useDevicesSay = sayOf(texts);
