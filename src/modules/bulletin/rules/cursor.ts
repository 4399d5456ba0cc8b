/** Keyset: where the page before ended. */
export interface Cursor {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
}

export const writeCursor = ({ at, id }: Cursor): string => `${at.toString(36)}~${id}`;

export const readCursor = (text: string): Cursor | undefined => {
  const parts = /^([0-9a-z]{1,10})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  return parts ? { at: Number.parseInt(parts[1]!, 36), id: parts[2]! } : undefined;
};
