import type { IncomingMessage } from 'node:http';
import '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { type FieldError, refuse, type Refusal, type Result } from '../../../base/result.ts';
import { withoutHidden } from '../../../base/text/hidden.ts';
import { hiddenSign, hiddenSigns } from './guard.ts';
import type { Upload } from '../handler.ts';
import type { Form } from '../page.ts';

/** Reads the rest of a body that was refused and throws it away, so that the sender hears the answer instead of a broken line. */
const discard = async (raw: IncomingMessage, most: number): Promise<void> => {
  let left = most;
  for await (const chunk of raw) {
    left -= (chunk as Buffer).length;
    if (left < 0) break;
  }
};

const tooLarge = (limit: number): Refusal => refuse(413, 'http.too_large', { limit: Math.floor(limit / 1024) });

const announced = (request: FastifyRequest): number => Number(request.headers['content-length'] ?? 0);

/** Refuses what says itself that it is too large, before a byte is kept. */
const refuseAnnounced = async (request: FastifyRequest, limit: number): Promise<Refusal | undefined> => {
  if (announced(request) <= limit + 4096) return undefined;
  await discard(request.raw, limit * 8);
  return tooLarge(limit);
};

const rawBody = async (request: FastifyRequest, limit: number): Promise<Result<Buffer>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.raw) {
    bytes += (chunk as Buffer).length;
    if (bytes > limit) {
      await discard(request.raw, limit * 8);
      return tooLarge(limit);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

interface Parts {
  readonly fields: Record<string, string[]>;
  readonly files: Upload[];
}

/** Reads a multipart body whole. Broken and oversized ones throw what problem.ts knows. */
const multipart = async (request: FastifyRequest, limit: number): Promise<Result<Parts>> => {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: Upload[] = [];
  let bytes = 0;
  for await (const part of request.parts({ limits: { fileSize: limit, files: 20, fields: 200, fieldSize: 65_536, parts: 220 } })) {
    if (part.type === 'file') {
      const content = await part.toBuffer();
      bytes += content.length;
      if (content.length > 0) files.push({ field: part.fieldname, filename: part.filename.slice(0, 200), type: part.mimetype, bytes: content });
    } else {
      const value = String(part.value);
      bytes += value.length;
      if (part.valueTruncated) return tooLarge(64 * 1024);
      (fields[part.fieldname] ??= []).push(value);
    }
    if (bytes > limit) {
      await discard(request.raw, limit * 8);
      return tooLarge(limit);
    }
  }
  return { fields, files };
};

const isMultipart = (request: FastifyRequest): boolean => /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');

/**
 * The one file of a body: raw, or the first of a multipart form.
 * Refusals: 400 `http.no_file`, 413 `http.too_large`, 422 `http.hidden_signs` in the file's name.
 */
export const readUpload = async (request: FastifyRequest, limit: number): Promise<Result<Upload>> => {
  const refused = await refuseAnnounced(request, limit);
  if (refused) return refused;
  if (isMultipart(request)) {
    const parts = await multipart(request, limit);
    if ('refused' in parts) return parts;
    const file = parts.files[0];
    if (!file) return refuse(400, 'http.no_file');
    if (file.filename !== null && hiddenSign(file.filename)) return refuse(422, 'http.hidden_signs', undefined, hiddenSigns(file.filename, `/${file.field}`));
    return file;
  }
  const bytes = await rawBody(request, limit);
  if ('refused' in bytes) return bytes;
  if (bytes.length === 0) return refuse(400, 'http.no_file');
  return { field: 'file', filename: null, type: request.headers['content-type'] ?? 'application/octet-stream', bytes };
};

const formOf = ({ fields, files }: Parts): Result<Form> => {
  const errors: FieldError[] = [];
  for (const [name, values] of Object.entries(fields))
    for (const value of [name, ...values]) if (hiddenSign(value)) hiddenSigns(value, `/${name}`, errors);
  if (errors.length > 0) return refuse(422, 'http.hidden_signs', undefined, errors);
  return { get: (name) => fields[name]?.[0], all: (name) => fields[name] ?? [], fields, files };
};

const empty: Form = { get: () => undefined, all: () => [], fields: {}, files: [] };

/** Splits `a=1&b=2`; names may repeat. */
export const splitForm = (text: string): Record<string, string[]> => {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of new URLSearchParams(text)) (fields[name] ??= []).push(value);
  return fields;
};

/** What people typed into a page's form, as it looks to them. */
const seen = ({ fields, files }: Parts): Parts => ({ fields: Object.assign(Object.create(null), Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values.map(withoutHidden)]))) as Parts['fields'], files });

/**
 * What a form posted, urlencoded or multipart. Refusals: 413, 415 `http.media_type`, 422 `http.hidden_signs`.
 * @param typed people typed it into a page of ours: signs that nobody sees are left out instead of refused
 */
export const readForm = async (request: FastifyRequest, limit: number, { typed = false }: { readonly typed?: boolean } = {}): Promise<Result<Form>> => {
  if (request.method === 'GET' || request.method === 'HEAD') return empty;
  if (isMultipart(request)) {
    const refused = await refuseAnnounced(request, limit);
    if (refused) return refused;
    const parts = await multipart(request, limit);
    return 'refused' in parts ? parts : formOf(typed ? seen(parts) : parts);
  }
  const body = request.body as Record<string, string[]> | undefined;
  return body === undefined ? empty : formOf(typed ? seen({ fields: body, files: [] }) : { fields: body, files: [] });
};
