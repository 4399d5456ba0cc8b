import { beginImport, pieceBytes, type ImportView } from '../../../../../modules/history/contract.ts';
import { call, Problem, upload } from '../../../../shared/client.ts';

/** Pauses before a piece is sent again that got no answer, in milliseconds. */
const retries = [500, 2_000, 5_000];

const sendPiece = async (id: string, n: number, piece: Blob): Promise<ImportView> => {
  for (let turn = 0; ; turn++) {
    try {
      return await upload<ImportView>(`/api/history/imports/${id}/pieces/${n}`, piece, 'application/octet-stream', 'PUT');
    } catch (error) {
      // Nothing was decided: the same piece again changes nothing.
      if (!(error instanceof Problem) || !(error.status === 0 || error.status >= 500) || turn >= retries.length) throw error;
      await new Promise((resolve) => setTimeout(resolve, retries[turn]));
    }
  }
};

/**
 * Sends a file piece by piece; one that is already begun is gone on with.
 * @param told after every piece: the import, and the share that has been sent, 0 to 1
 * @throws Problem
 */
export const sendFile = async (file: File, begun: ImportView | null, told: (one: ImportView, share: number) => void): Promise<ImportView> => {
  let one = begun ?? await call(beginImport, { body: { file: file.name.slice(0, 200), bytes: file.size } });
  told(one, one.received / file.size);
  for (let n = Math.floor(one.received / pieceBytes); one.state === 'uploading'; n++) {
    one = await sendPiece(one.id, n, file.slice(n * pieceBytes, (n + 1) * pieceBytes));
    told(one, one.received / file.size);
  }
  return one;
};
