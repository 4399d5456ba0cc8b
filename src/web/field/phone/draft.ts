import { dropRow, findRow, keepRow } from './kept.ts';
import { showKept, picturesIn } from './pictures.ts';

/** A report that was begun: it is there again after the app was closed. */
export interface ReportDraft {
  readonly photos: readonly string[];
  readonly component: string | null;
  readonly row: string | null;
  readonly text: string;
  readonly address: string;
  /** Where the first photo was taken, WGS-84 degrees; null where the phone did not say. */
  readonly position: { readonly lng: number; readonly lat: number; readonly accuracy: number } | null;
}

const keyOf = (account: string): string => `draft ${account}`;

export const keepDraft = (account: string, draft: ReportDraft): Promise<void> => keepRow('facts', { key: keyOf(account), value: draft });
export const dropDraft = (account: string): Promise<void> => dropRow('facts', keyOf(account));

/** The report that was begun, its photos ready to be shown; null where there is none. */
export const readDraft = async (account: string): Promise<ReportDraft | null> => {
  const draft = (await findRow('facts', keyOf(account)))?.value as ReportDraft | undefined;
  if (!draft) return null;
  await showKept(picturesIn(draft));
  return draft;
};
