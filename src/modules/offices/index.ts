export { createOffices, type Offices } from './service/offices.ts';
