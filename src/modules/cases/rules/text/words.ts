import { fill, languages, type Language, type Params, type Text } from '../../../../base/text/language.ts';

/** Accounts that one note may call. */
export const mentionsAtMost = 10;

/**
 * Logins that a note calls, `@wang.li` or `＠wang.li`, each once, in lower case. What follows a letter, a digit or a dot is an
 * address of mail and calls nobody.
 */
export const mentionsIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/(?<![\p{L}\p{N}._%+-])[@＠]([a-z0-9][a-z0-9._-]{1,63})/giu)].map(([, login]) => login!.toLowerCase().replace(/[._-]+$/u, '')))]
    .filter((login) => login.length > 1);

/** A reply that a county keeps ready: its name for staff, and what the reporter reads. `{number}`, `{title}`, `{place}` and `{unit}` are filled. */
export interface ReplyTemplate {
  readonly key: string;
  readonly name: Text;
  readonly text: Text;
}

/** A reason that a county keeps ready, with the actions that it is for. */
export interface ReasonTemplate {
  readonly key: string;
  readonly actions: readonly string[];
  readonly text: Text;
}

/** A reply in every language, so that each recipient gets their own. */
export const replyWords = (template: ReplyTemplate, params: Params): Readonly<Record<Language, string>> =>
  Object.fromEntries(languages.map((language) => [language, fill(template.text[language], params)])) as Record<Language, string>;

/** Whether words hold what names a person: a phone number, an identity number, a bank card. Full-width digits and marks between digits count. */
export const holdsPersonalNumber = (text: string): boolean =>
  /\d{7,}/.test(text.normalize('NFKC').replace(/(?<=\d)[\s\-.()]+(?=\d)/g, '').replace(/(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)/g, ''));
