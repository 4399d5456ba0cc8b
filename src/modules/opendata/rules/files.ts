/** Names of the files of a day. */
export const fileNames = ['reports.csv', 'reports.geojson', 'counts.csv'] as const;
export type FileName = (typeof fileNames)[number];
