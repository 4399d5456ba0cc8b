import { beginImport, pieceBytes, type ImportItem, type ImportView } from '../../../../../modules/history/contract.ts';
import { call, Problem, upload } from '../../../../shared/client.ts';

/** Pauses before a piece is sent again that got no answer, in milliseconds. */
const retries = [500, 2_000, 5_000];

/** What is known of an upload that was begun before. */
export type Begun = Pick<ImportItem, 'id' | 'file' | 'bytes' | 'received'>;

/** How much of it has come, in whole hundredths. */
export const percentOf = ({ bytes, received }: Begun): number => (bytes ? Math.floor((received / bytes) * 100) : 0);

/** The file that was chosen is not the one of which a part has come. */
export class OtherFile extends Error {}

const sendPiece = async (id: string, n: number, file: File): Promise<ImportView> => {
  for (let turn = 0; ; turn++) {
    try {
      return await upload<ImportView>(`/api/history/imports/${id}/pieces/${n}`, file.slice(n * pieceBytes, (n + 1) * pieceBytes), 'application/octet-stream', 'PUT');
    } catch (error) {
      // Nothing was decided: the same piece again changes nothing.
      if (!(error instanceof Problem) || !(error.status === 0 || error.status >= 500) || turn >= retries.length) throw error;
      await new Promise((resolve) => setTimeout(resolve, retries[turn]));
    }
  }
};

/** The first piece and the last that has come are sent again: of the same file they change nothing. @throws OtherFile */
const recognized = async (file: File, { id, bytes, received }: Begun): Promise<void> => {
  if (file.size !== bytes) throw new OtherFile();
  const pieces = Math.floor(received / pieceBytes);
  for (const n of new Set(pieces === 0 ? [] : [0, pieces - 1]))
    await sendPiece(id, n, file).catch((error: unknown) => { throw error instanceof Problem && error.reason === 'history.piece' ? new OtherFile() : error; });
};

/**
 * Sends a file piece by piece; one that is already begun is gone on with where it broke off.
 * @param told after every piece: the import, and the share that has been sent, 0 to 1
 * @throws Problem, OtherFile
 */
export const sendFile = async (file: File, begun: Begun | null, told: (one: Begun, share: number) => void): Promise<string> => {
  if (begun) await recognized(file, begun);
  let one: Begun = begun ?? await call(beginImport, { body: { file: file.name.slice(0, 200), bytes: file.size } });
  told(one, one.received / file.size);
  while (one.received < file.size) {
    one = await sendPiece(one.id, Math.floor(one.received / pieceBytes), file);
    told(one, one.received / file.size);
  }
  return one.id;
};
