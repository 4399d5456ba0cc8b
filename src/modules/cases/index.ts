export { createCases, type Cases } from './service/cases.ts';
export type { Needs as CaseNeeds } from './service/needs.ts';
export { caseRoutes } from './routes.ts';
export { residentPages } from './pages/index.ts';
export type { DispatchRule } from './rules/routing.ts';
