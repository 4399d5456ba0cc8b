import type { dutyWeek } from '../../../../modules/places/contract.ts';
import type { ResponseOf } from '../../../../base/route.ts';

/** Seven days of duty, as the server tells them. */
export type DutyWeek = ResponseOf<typeof dutyWeek>;
