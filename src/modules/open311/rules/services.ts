import type { Language } from '../../../base/text/language.ts';
import type { Category } from '../../cases/rules/categories.ts';
import type { ServiceDefinition, ServiceItem } from '../contract.ts';

/** A service is a category that is public: what people report and what programs report are one list. */
export const itemOf = (service: Category, language: Language): ServiceItem => ({
  service_code: service.code, service_name: service.name[language], description: service.description[language], metadata: service.questions.length > 0,
  type: 'realtime', keywords: service.keywords[language], group: service.group[language],
});

/** GeoReport v2 knows no question that depends on another: such a one is not required there. */
export const definitionOf = (service: Category, language: Language): ServiceDefinition => ({
  service_code: service.code,
  attributes: service.questions.map(({ code, datatype, required, description, hint, values, when }, at) => ({
    variable: true, code, datatype, required: required && when === undefined, datatype_description: hint?.[language] ?? '', order: at + 1, description: description[language],
    ...(values && { values: values.map(({ key, name }) => ({ key, name: name[language] })) }),
  })),
});
