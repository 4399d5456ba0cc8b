import caseTexts from '../../../../data/texts/kinds/case.json' with { type: 'json' };
import recordTexts from '../../../../data/texts/records.json' with { type: 'json' };
import roleFile from '../../../../data/roles.json' with { type: 'json' };
import type { Catalogue, Language, Text } from '../../../base/text/language.ts';
import { useLanguage, useWebSay } from '../../shared/language.tsx';

const kinds: Catalogue = caseTexts;
const records: Catalogue = recordTexts;
const roleTexts: Readonly<Record<string, { readonly label: Text } | undefined>> = roleFile.roles;

/** What an entry of the log says happened; a code that no catalogue knows is shown as it stands in the log. */
const whatOf = (language: Language, kind: string, action: string): string => {
  const ofMatter = kinds[`${kind}.action.${action}`]?.[language];
  if (ofMatter) return ofMatter;
  return `${records[`kind.${kind}`]?.[language] ?? kind} · ${records[`action.${action}`]?.[language] ?? action}`;
};

/** Words for entries of the log in the chosen language. */
export const useEntryWords = () => {
  const { language } = useLanguage();
  const say = useWebSay();
  return {
    what: (kind: string, action: string): string => whatOf(language, kind, action),
    role: (role: string): string => (role === 'system' ? say('actor.system') : (roleTexts[role]?.label[language] ?? role)),
  };
};
