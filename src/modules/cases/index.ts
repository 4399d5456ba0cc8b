export { createCases, type Cases } from './service/cases.ts';
export type { Needs as CaseNeeds } from './service/needs.ts';
export type { DispatchRule } from './contract/dispatch.ts';
export { rulesChecker } from './service/tracing.ts';
export type { PublicReport, PublicReports } from './pages/reported.ts';
