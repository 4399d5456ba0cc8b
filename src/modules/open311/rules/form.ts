import { createHash } from 'node:crypto';
import type { FieldError } from '../../../base/result.ts';
import type { Answers } from '../../cases/rules/categories.ts';

/** A posted form: every value of every field, as typed. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/** What a report says, as far as it can be read without looking anything up. */
export interface Asked {
  readonly service: string | undefined;
  readonly point: { readonly lng: number; readonly lat: number } | null;
  readonly addressString: string | null;
  readonly addressId: string | null;
  readonly description: string;
  readonly mediaUrl: string | null;
  readonly phone: string | null;
  /** Address of the report in the system that it was made in first, as partners hand it on in `device_id`. */
  readonly origin: string | null;
  readonly answers: Answers;
}

/** An empty value is as good as none. */
const first = (fields: Fields, name: string): string | undefined => fields[name]?.find((value) => value.trim() !== '')?.trim();

const longest: Readonly<Record<string, number>> = {
  description: 4_000, address_string: 200, address_id: 60, media_url: 1_000, phone: 40, email: 254, first_name: 100, last_name: 100, device_id: 200, account_id: 200, service_code: 60,
};

const degrees = (text: string | undefined, most: number): number | null | undefined => {
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) && Math.abs(value) <= most ? value : null;
};

/** A `device_id` that is the address of a report elsewhere says where it was made; any other tells of somebody's telephone and is not kept. */
const originOf = (text: string | undefined): string | null => (text !== undefined && /^https?:\/\/[^\s<>"]{3,160}\/requests\/[^\s<>"/]{1,60}$/.test(text) ? text : null);

/** Reads the form of a report; every value that is wrong or missing is listed. */
export const readRequestForm = (fields: Fields): { readonly asked: Asked; readonly faults: readonly FieldError[] } => {
  const faults: FieldError[] = [];
  const fault = (name: string, reason: string, params?: FieldError['params']): void => void faults.push({ path: `/${name}`, reason, ...(params && { params }) });
  for (const [name, limit] of Object.entries(longest)) if ((first(fields, name)?.length ?? 0) > limit) fault(name, 'value.maxLength', { limit });
  // What was not UTF-8 arrives with the sign for what could not be read.
  for (const [name, values] of Object.entries(fields)) if (values.some((value) => value.includes('\ufffd'))) fault(name.slice(0, 60), 'http.not_utf8');
  const service = first(fields, 'service_code');
  if (service === undefined) fault('service_code', 'value.required');
  const [lat, lng] = [degrees(first(fields, 'lat'), 90), degrees(first(fields, 'long'), 180)];
  if (lat === null) fault('lat', 'open311.degrees');
  if (lng === null) fault('long', 'open311.degrees');
  if (lat !== undefined && lng === undefined) fault('long', 'value.required');
  if (lng !== undefined && lat === undefined) fault('lat', 'value.required');
  const point = typeof lat === 'number' && typeof lng === 'number' ? { lng, lat } : null;
  const [addressString, addressId] = [first(fields, 'address_string') ?? null, first(fields, 'address_id') ?? null];
  if (lat === undefined && lng === undefined && addressString === null && addressId === null) fault('lat', 'open311.place_needed');
  const mediaUrl = first(fields, 'media_url') ?? null;
  if (mediaUrl !== null && !/^https?:\/\/[^\s<>"]+$/i.test(mediaUrl)) fault('media_url', 'open311.media_url');
  const answers = new Map<string, string[]>();
  for (const [name, values] of Object.entries(fields)) {
    const given = values.map((value) => value.trim()).filter((value) => value !== '');
    if (!name.startsWith('attribute[') || given.length === 0) continue;
    const code = /^attribute\[([^\][]+)\](?:\[\d*\])?$/.exec(name)?.[1];
    if (code === undefined) fault(name.slice(0, 60), 'value.unknown');
    else answers.set(code, [...new Set([...(answers.get(code) ?? []), ...given])]);
  }
  return { asked: { service, point, addressString, addressId, description: first(fields, 'description') ?? '', mediaUrl, phone: first(fields, 'phone') ?? null, answers, origin: originOf(first(fields, 'device_id')) }, faults };
};

/** The op of an Idempotency-Key: the same for the same caller, another for everybody else (a UUID of version 8, RFC 9562). */
export const opOf = (caller: string, key: string): string => {
  const hex = createHash('sha256').update(`open311 ${caller} ${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
