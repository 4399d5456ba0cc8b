export { createFinding, type Finding, type FindingDependencies, type FoundPage, type SearchFilter } from './service.ts';
