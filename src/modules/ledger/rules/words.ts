import type { Catalogue, Language } from '../../../base/text/language.ts';

/**
 * What an entry of the ledger says happened, in words: of a matter, what its kind calls the action; of anything else,
 * the words of just this, or of its kind and its action. A code that no catalogue knows is shown as it stands in the log.
 * @param kinds catalogue of the kinds of matters, keys `<kind>.action.<action>`
 * @param records catalogue of all other entries, keys `<kind>.<action>`, `kind.<kind>` and `action.<action>`
 */
export const entryWords = (kinds: Catalogue, records: Catalogue, language: Language, kind: string, action: string): string =>
  kinds[`${kind}.action.${action}`]?.[language] ?? records[`${kind}.${action}`]?.[language]
  ?? `${records[`kind.${kind}`]?.[language] ?? kind} · ${records[`action.${action}`]?.[language] ?? action}`;
