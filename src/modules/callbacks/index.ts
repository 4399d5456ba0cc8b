export { callbackFollower } from './followers.ts';
export { createCallbacks, type Callbacks } from './service.ts';
