/**
 * Why something was not done. `reason` is a stable code for programs and the key of a text in
 * `data/texts/reasons.json` for people; `params` fills that text; `status` is the HTTP status.
 */
export interface Refusal {
  readonly refused: true;
  readonly reason: string;
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly errors?: readonly FieldError[];
}

/** One thing that is wrong with one value; `path` is a JSON pointer, or `line:column` of an imported table. */
export interface FieldError {
  readonly path: string;
  readonly reason: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type Result<T> = T | Refusal;

export const refuse = (
  status: Refusal['status'],
  reason: string,
  params?: Refusal['params'],
  errors?: readonly FieldError[],
): Refusal => ({ refused: true, reason, status, ...(params && { params }), ...(errors && { errors }) });

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;
