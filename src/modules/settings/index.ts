export type { Area, Effect } from './service/areas.ts';
export { createSettings, type Settings, type Version } from './service/settings.ts';
