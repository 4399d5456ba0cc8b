/** Units of a limit. Working units count the county's working time; urgent units run day and night. */
export type ClockUnit = 'workingHour' | 'workingDay' | 'urgentHour' | 'urgentDay';

/** A limit such as two working days. */
export interface Limit {
  /** Above zero; halves are allowed. */
  readonly amount: number;
  readonly unit: ClockUnit;
}
