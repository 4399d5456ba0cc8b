export { createCatalogue, type Catalogue } from './service.ts';
export { parseLimit, writeLimit, type LimitSetting, type ParsedLimit } from './rules/limits.ts';
export type { StandardRow, StandardsVersion } from './rules/standards.ts';
