export { erasureFollower } from './followers.ts';
export { actionLabel, stateLabel, type Labels } from './service/labels.ts';
export type { Ask, Kind } from './service/kinds.ts';
export type { Call } from './service/act.ts';
export { createMatters, type Matters, type MattersDependencies, type SeenMatter } from './service/matters.ts';
export { workflow, type ActionDeclaration, type Change, type Context, type Facets, type Matter, type Message, type Workflow } from './rules/workflow.ts';
export type { Done, MatterItem, MatterPage } from './contract.ts';
export { matterPages } from './pages.ts';
export { MatterMoved } from './store/write.ts';
