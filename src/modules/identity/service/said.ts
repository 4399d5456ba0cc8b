import { say, type Language } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { ReadRight } from '../rules.ts';

const texts = () => textsOf('permissions');
const known = (language: Language, key: string, otherwise: string): string => (key in texts() ? say(texts(), language, key) : otherwise);

/** What reading rights show, in words: one line each. */
export const seesWords = (reads: readonly ReadRight[], language: Language): string[] => reads.map(({ kinds, within }) =>
  say(texts(), language, `within.${within}`, { kinds: (kinds === '*' ? ['*'] : kinds).map((kind) => known(language, `kind.${kind}`, kind)).join(say(texts(), language, 'and')) }));

/** What permissions let somebody do, in words. */
export const doesWords = (permissions: readonly string[], language: Language): string[] => permissions.map((permission) => known(language, `may.${permission}`, permission));
