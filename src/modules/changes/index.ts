export { createChanges, type Changes } from './service.ts';
