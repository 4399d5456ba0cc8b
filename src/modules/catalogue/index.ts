export { createCatalogue, type Catalogue, type ImportOrder, type ImportReport } from './service.ts';
export type { CarriedTable } from './finders.ts';
export { catalogueCommands, type CatalogueTown } from './commands.ts';
export { catalogueRoutes } from './routes.ts';
export type { LimitSetting, ParsedLimit } from './rules/limits.ts';
export type { Ranked } from './rules/rank.ts';
export type { StandardRow, StandardsVersion } from './rules/standards.ts';
export { createWords } from './words.ts';
export type { Words } from './rules/rank.ts';
