export { rolesArea } from './service/roles.ts';
export { createOffices, type Offices } from './service/offices.ts';
