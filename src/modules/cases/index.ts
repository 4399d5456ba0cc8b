export { createCases, type Cases } from './service/cases.ts';
export type { Needs as CaseNeeds } from './service/needs.ts';
export type { DispatchRule } from './contract/dispatch.ts';
export { rulesChecker } from './service/tracing.ts';
export { shippedCategories, type Categories } from './service/settings/categories.ts';
export type { Category, Question } from './rules/categories.ts';
export { type House, keepToken, residentPage, type Visitor } from './pages/visitor.ts';
export { groupNumber, reasonWords, sayTime, spellNumber } from './pages/words.ts';
