import { isRefusal, type Result } from '../../base/result.ts';
import { handle, type Mounted } from '../http/handler.ts';
import { getBlob, putBlob } from './contract.ts';
import type { Pictures } from './pictures.ts';

/** @param county settles which county a picture is for: the one that was asked for, or the installation's first. */
export const pictureRoutes = (pictures: Pictures, county: (asked: string | undefined) => Promise<Result<string>>): Mounted[] => [
  handle(putBlob, async ({ actor, query, upload }) => {
    const code = await county(query.county);
    if (isRefusal(code)) return code;
    const sent = await upload();
    if (isRefusal(sent)) return sent;
    const kept = await pictures.put(actor, code, sent.bytes);
    return isRefusal(kept) ? kept : { blob: kept.served, type: kept.type, bytes: kept.bytes, width: kept.width, height: kept.height };
  }),
  handle(getBlob, async ({ actor, params, query, reply }) => {
    const { w: width, until, mark } = query;
    const bytes = await pictures.read(actor, params.digest, { width, link: until !== undefined && mark !== undefined ? { until, mark } : undefined });
    if (isRefusal(bytes)) return bytes;
    reply
      .headers({
        // Rights may end: a browser may show it again for a few minutes, nobody in between may keep it.
        'cache-control': 'private, max-age=300',
        'content-disposition': `inline; filename="${params.digest.slice(0, 12)}.jpg"`,
      })
      .type('image/jpeg');
    await reply.send(bytes);
    return '';
  }),
];
