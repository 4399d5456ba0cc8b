import type { Language, Text } from '../../../base/text/language.ts';
import type { FieldError } from '../../../base/result.ts';
import type { StandardRow } from '../../catalogue/rules/standards.ts';
import type { ServiceDefinition, ServiceItem } from '../contract.ts';
import { readMoment } from './window.ts';

export type Datatype = 'string' | 'number' | 'datetime' | 'text' | 'singlevaluelist' | 'multivaluelist';

/** A question of a service. */
export interface Attribute {
  readonly code: string;
  readonly datatype: Datatype;
  readonly required: boolean;
  readonly description: Text;
  /** How the answer is written. */
  readonly hint?: Text;
  /** The answer names what it is about, by code or plate. */
  readonly names?: 'component';
  readonly values?: readonly { readonly key: string; readonly name: Text; /** A part of the filing condition of the row that it points to. */ readonly condition?: string }[];
}

/** A kind of case that anybody may report and see over Open311, as `data/open311/services.json` has it. */
export interface Service {
  readonly code: string;
  readonly name: Text;
  readonly description: Text;
  readonly group: Text;
  readonly keywords: Text;
  /** Said to whoever reports it, and beside the report. */
  readonly notice?: Text;
  /** Codes of the code table, `C0137`; each has several rows. */
  readonly rows: readonly string[];
  readonly attributes: readonly Attribute[];
}

/** Code of a row from its key, `C0137` of `C0137-9k2x4f`. */
export const codeOfKey = (key: string): string => key.split('-')[0]!;

export const itemOf = (service: Service, language: Language): ServiceItem => ({
  service_code: service.code, service_name: service.name[language], description: service.description[language], metadata: service.attributes.length > 0,
  type: 'realtime', keywords: service.keywords[language], group: service.group[language],
});

export const definitionOf = (service: Service, language: Language): ServiceDefinition => ({
  service_code: service.code,
  attributes: service.attributes.map(({ code, datatype, required, description, hint, values }, at) => ({
    variable: true, code, datatype, required, datatype_description: hint?.[language] ?? '', order: at + 1, description: description[language],
    ...(values && { values: values.map(({ key, name }) => ({ key, name: name[language] })) }),
  })),
});

/** Answers by the code of their question, each at least one text. */
export type Answers = ReadonlyMap<string, readonly string[]>;

/** The longest answer in words. */
const longest = 500;

const faultOf = ({ datatype, values }: Attribute, given: readonly string[], offsetMinutes: number): FieldError['reason'] | undefined => {
  if (given.length > 1 && datatype !== 'multivaluelist') return 'open311.one_answer';
  if (values) return given.every((one) => values.some(({ key }) => key === one)) ? undefined : 'value.const';
  if (datatype === 'number') return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(given[0]!.trim()) ? undefined : 'open311.number';
  if (datatype === 'datetime') return readMoment(given[0]!, offsetMinutes) === undefined ? 'open311.time' : undefined;
  return given[0]!.length > longest ? 'value.maxLength' : undefined;
};

/** Everything that is wrong with the answers to a service's questions. */
export const answerFaults = (service: Service, answers: Answers, offsetMinutes: number): FieldError[] => {
  const path = (code: string): string => `/attribute[${code}]`;
  const faults = service.attributes.flatMap((attribute): FieldError[] => {
    const given = answers.get(attribute.code);
    const reason = given ? faultOf(attribute, given, offsetMinutes) : attribute.required ? 'value.required' : undefined;
    return reason === undefined ? [] : [{ path: path(attribute.code), reason, params: { limit: longest } }];
  });
  const known = new Set(service.attributes.map(({ code }) => code));
  return [...faults, ...[...answers.keys()].filter((code) => !known.has(code)).slice(0, 20).map((code) => ({ path: path(code.slice(0, 40)), reason: 'value.unknown' }))];
};

/** Questions and answers in words, a line each: what the desk reads beside the description. */
export const answerLines = (service: Service, answers: Answers, language: Language): string[] => service.attributes.flatMap(({ code, description, values }) => {
  const given = answers.get(code);
  return given ? [`${description[language]} ${given.map((one) => values?.find(({ key }) => key === one)?.name[language] ?? one).join(' · ')}`] : [];
});

/**
 * The row of the code table that a report is proposed under: the one that an answer points to, else the best for its words, else
 * the first. The desk settles it when the case is filed.
 * @param rows those of the service, in the table's order
 * @param ranked keys of the whole table for the words of the report, best first
 */
export const rowOf = (service: Service, rows: readonly StandardRow[], answers: Answers, ranked: readonly string[]): StandardRow | undefined => {
  for (const { code, values } of service.attributes)
    for (const given of answers.get(code) ?? []) {
      const condition = values?.find(({ key }) => key === given)?.condition;
      const pointed = condition === undefined ? undefined : rows.find(({ openCondition }) => openCondition.includes(condition));
      if (pointed) return pointed;
    }
  const best = ranked.find((key) => rows.some((row) => row.key === key));
  return rows.find(({ key }) => key === best) ?? rows[0];
};
