export { createComponents, type Component, type Components, type Nearest, type NearestAsk } from './service/components.ts';
export { componentArea } from './service/area.ts';
export type { ComponentsOrder, ComponentsReport } from './service/import.ts';
export type { PlateTarget, Plates } from './service/plates.ts';
export { componentCommands, type ComponentTown } from './commands.ts';
export { componentFollower, placesFollower, type KeepsFaulty } from './followers.ts';
export { componentPages } from './pages.ts';
export { componentRoutes } from './routes.ts';
export { showPlate } from './rules/plates.ts';
