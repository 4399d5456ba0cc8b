import type { Json } from '../../../base/canonical.ts';
import { refuse } from '../../../base/result.ts';
import type { Language } from '../../../base/text/language.ts';
import { shippedCategories } from '../../cases/index.ts';
import type { Area } from '../../settings/index.ts';
import { BulletinSettings } from '../contract.ts';

const shipped = shippedCategories.categories.filter((category) => category.public);

/** What a county may set of its public view. */
export const bulletinArea: Area = {
  name: 'bulletin', path: ['bulletin'], schema: BulletinSettings, edit: ['settings.edit', 'flow.edit'],
  shipped: () => ({ from: 'filed', categories: shipped.map(({ code }) => code) }),
  check(_county, document) {
    const wrong = ((document as BulletinSettings).categories ?? []).findIndex((code) => !shippedCategories.categories.some((one) => one.code === code));
    return wrong < 0 ? undefined : refuse(422, 'settings.no_service', undefined, [{ path: `/categories/${wrong}`, reason: 'settings.no_service' }]);
  },
  preview: async (_county, _before, after) => [{ words: 'effect.bulletin', params: { count: (after as BulletinSettings | null)?.categories?.length ?? shipped.length, all: shipped.length } }],
  beside: (_county, language: Language) => ({ options: { categories: shipped.map(({ code, name }) => ({ value: code, words: name[language] })) } }) as unknown as Json,
};
