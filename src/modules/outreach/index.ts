export type { DeliveryDraft } from './contract.ts';
export { deliveryInsert, deliveryRows, type DeliveryOrigin, type DeliveryRow } from './insert.ts';
