export { createOpenData, type OpenData } from './service/open-data.ts';
export { suppress } from './rules/suppress.ts';
