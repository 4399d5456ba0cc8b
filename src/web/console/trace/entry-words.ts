import caseTexts from '../../../../data/texts/kinds/case.json' with { type: 'json' };
import recordTexts from '../../../../data/texts/records.json' with { type: 'json' };
import roleFile from '../../../../data/roles.json' with { type: 'json' };
import type { Catalogue, Text } from '../../../base/text/language.ts';
import { entryWords } from '../../../modules/ledger/rules/words.ts';
import { useLanguage, useWebSay } from '../../shared/language.tsx';

const kinds: Catalogue = caseTexts;
const records: Catalogue = recordTexts;
const roleTexts: Readonly<Record<string, { readonly label: Text } | undefined>> = roleFile.roles;

/** Words for entries of the log in the chosen language. */
export const useEntryWords = () => {
  const { language } = useLanguage();
  const say = useWebSay();
  return {
    what: (kind: string, action: string): string => entryWords(kinds, records, language, kind, action),
    role: (role: string): string => (role === 'system' ? say('actor.system') : (roleTexts[role]?.label[language] ?? role)),
  };
};
