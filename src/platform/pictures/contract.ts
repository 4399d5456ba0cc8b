import { Type } from 'typebox';
import { route } from '../../base/route.ts';

/** Bytes that a picture may have as it comes in. */
export const pictureLimit = 26_214_400;

export const StoredPicture = Type.Object({
  blob: Type.String({ description: 'SHA-256 of the copy that is served, lower-case hexadecimal.' }),
  type: Type.String(),
  bytes: Type.Integer(),
  width: Type.Integer(),
  height: Type.Integer(),
});

export const putBlob = route({
  name: 'blobs.put', method: 'POST', path: '/api/blobs',
  summary: 'Keeps a picture: raw or as a multipart file. It is decoded and written anew without metadata; what is no picture is refused.',
  who: 'session',
  query: Type.Object({ county: Type.Optional(Type.String({ maxLength: 12 })) }),
  consumes: 'bytes', bodyLimit: pictureLimit, perMinute: 120, status: 201,
  response: StoredPicture,
});

export const getBlob = route({
  name: 'blobs.get', method: 'GET', path: '/api/blobs/{digest}',
  summary: 'A picture, for those who may see what it belongs to, for who sent it, and through a signed link until it ends. Knowing a digest gives no access.',
  who: 'anyone',
  params: Type.Object({ digest: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
  query: Type.Object({
    w: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096, description: 'Wanted width in pixels; the next larger of the sizes that are offered is given.' })),
    until: Type.Optional(Type.Integer({ description: 'End of a signed link, milliseconds since 1970.' })),
    mark: Type.Optional(Type.String({ maxLength: 64, description: 'Signature of a signed link.' })),
  }),
  produces: 'image/jpeg',
  response: Type.String(),
});
