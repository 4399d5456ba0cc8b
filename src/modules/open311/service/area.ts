import type { Json } from '../../../base/canonical.ts';
import { refuse } from '../../../base/result.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Area } from '../../settings/index.ts';
import { Open311Settings } from '../contract.ts';
import { shippedCategories } from '../../cases/index.ts';

/** Only what is public is a service. */
const shipped = shippedCategories.categories.filter((category) => category.public);

/** What a county may set of its Open311 end: which services it offers, who needs a key, what is shown. */
export const open311Area: Area = {
  name: 'open311', path: ['open311'], schema: Open311Settings, edit: ['settings.edit', 'flow.edit'],
  shipped: () => ({ services: shipped.map(({ code }) => code), pictures: 'none', keyRequired: true }),
  check(_county, document) {
    const known = new Set(shipped.map(({ code }) => code));
    const wrong = ((document as { readonly services?: readonly string[] }).services ?? []).findIndex((code) => !known.has(code));
    return wrong < 0 ? undefined : refuse(422, 'settings.no_service', undefined, [{ path: `/services/${wrong}`, reason: 'settings.no_service' }]);
  },
  preview: async (_county, _before, after) => {
    const offered = (after as { readonly services?: readonly string[] } | null)?.services ?? shipped.map(({ code }) => code);
    return [{ words: 'effect.open311', params: { count: offered.length, all: shipped.length } }];
  },
  beside: (_county, language: Language) => ({ options: { services: shipped.map(({ code, name }) => ({ value: code, words: name[language] })) } }) as unknown as Json,
};
