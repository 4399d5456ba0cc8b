import type { Language, Text } from '../../../base/text/language.ts';
import type { FieldError } from '../../../base/result.ts';
import { readMoment } from '../../../base/time/moment.ts';
import type { StandardRow } from '../../catalogue/rules/standards.ts';

export type Datatype = 'string' | 'number' | 'datetime' | 'text' | 'singlevaluelist' | 'multivaluelist';

/** A question of a category. */
export interface Question {
  readonly code: string;
  readonly datatype: Datatype;
  readonly required: boolean;
  readonly description: Text;
  /** How the answer is written. */
  readonly hint?: Text;
  /** The answer names what it is about, by code or plate. */
  readonly names?: 'component';
  /** `programs`: the form does not ask it, for it knows the place and the time itself. */
  readonly asked?: 'always' | 'programs';
  /** Asked, and required, only after one of these answers to a question before it. */
  readonly when?: { readonly question: string; readonly is: readonly string[] };
  readonly values?: readonly { readonly key: string; readonly name: Text; /** A part of the filing condition of the row that it points to. */ readonly condition?: string }[];
}

/** A kind of case as people report it, as `data/cases/categories.json` has it. */
export interface Category {
  readonly code: string;
  readonly name: Text;
  readonly description: Text;
  readonly group: Text;
  readonly keywords: Text;
  /** Said to whoever reports it, and beside the report. */
  readonly notice?: Text;
  /** Codes of the code table, `C0137`; each has several rows. */
  readonly rows: readonly string[];
  /** Everybody may see such cases once they are filed, and programs may report them. */
  readonly public: boolean;
  /** `coarse`: shown in their neighbourhood, not at their door. */
  readonly place: 'exact' | 'coarse';
  /** A report needs no phone. */
  readonly anonymous: boolean;
  /** Within which a report may be the same as one before; the county's own for all cases where absent. */
  readonly duplicates?: { readonly metres: number; readonly days: number };
  readonly questions: readonly Question[];
}

/** Code of a row from its key, `C0137` of `C0137-9k2x4f`. */
export const codeOfKey = (key: string): string => key.split('-')[0]!;

/** Answers by the code of their question, each at least one text. */
export type Answers = ReadonlyMap<string, readonly string[]>;

/** The longest answer in words. */
const longest = 500;

const faultOf = ({ datatype, values }: Question, given: readonly string[], offsetMinutes: number): FieldError['reason'] | undefined => {
  if (given.length > 1 && datatype !== 'multivaluelist') return 'case.one-answer';
  if (values) return given.every((one) => values.some(({ key }) => key === one)) ? undefined : 'value.const';
  if (datatype === 'number') return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(given[0]!.trim()) ? undefined : 'case.no-number';
  if (datatype === 'datetime') return readMoment(given[0]!, offsetMinutes) === undefined ? 'case.no-time' : undefined;
  return given[0]!.length > longest ? 'value.maxLength' : undefined;
};

/** Whether a question is asked, after the answers to those before it. */
export const isAsked = ({ when }: Question, answers: Answers): boolean => when === undefined || (answers.get(when.question) ?? []).some((one) => when.is.includes(one));

/**
 * Everything that is wrong with the answers to a category's questions.
 * @param complete false lets required ones be missing: whoever takes a call writes down what is said
 */
export const answerFaults = (category: Category, answers: Answers, offsetMinutes: number, complete = true): FieldError[] => {
  const path = (code: string): string => `/attribute[${code}]`;
  const faults = category.questions.flatMap((question): FieldError[] => {
    const given = answers.get(question.code);
    const reason = given ? faultOf(question, given, offsetMinutes) : complete && question.required && isAsked(question, answers) ? 'value.required' : undefined;
    return reason === undefined ? [] : [{ path: path(question.code), reason, params: { limit: longest } }];
  });
  const known = new Set(category.questions.map(({ code }) => code));
  return [...faults, ...[...answers.keys()].filter((code) => !known.has(code)).slice(0, 20).map((code) => ({ path: path(code.slice(0, 40)), reason: 'value.unknown' }))];
};

/** Questions and answers in words, a line each: what the desk reads beside the description. */
export const answerLines = (category: Category, answers: Answers, language: Language): string[] => category.questions.flatMap(({ code, description, values }) => {
  const given = answers.get(code);
  return given ? [`${description[language]} ${given.map((one) => values?.find(({ key }) => key === one)?.name[language] ?? one).join(' · ')}`] : [];
});

/**
 * The row of the code table that a report is proposed under: the one that an answer points to, else the best for its words, else
 * the first. The desk settles it when the case is filed.
 * @param rows those of the category, in the table's order
 * @param ranked keys of the whole table for the words of the report, best first
 */
export const rowOf = (category: Category, rows: readonly StandardRow[], answers: Answers, ranked: readonly string[]): StandardRow | undefined => {
  for (const { code, values } of category.questions)
    for (const given of answers.get(code) ?? []) {
      const condition = values?.find(({ key }) => key === given)?.condition;
      const pointed = condition === undefined ? undefined : rows.find(({ openCondition }) => openCondition.includes(condition));
      if (pointed) return pointed;
    }
  const best = ranked.find((key) => rows.some((row) => row.key === key));
  return rows.find(({ key }) => key === best) ?? rows[0];
};
