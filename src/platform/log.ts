import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * Members whose values never reach a log, at any depth: what names a person, what a person wrote, what opens a door.
 * Logs carry ids.
 */
const secret = new Set([
  'password', 'secret', 'token', 'code', 'otp', 'cookie', 'cookies', 'set-cookie', 'authorization', 'key',
  'phone', 'phones', 'tel', 'mobile', 'email', 'idnumber', 'identity', 'address', 'person', 'fullname', 'realname',
  'text', 'texts', 'words', 'description', 'note', 'body', 'input', 'params', 'parameters', 'detail', 'where', 'query',
]);

/** A mainland mobile number or an 18-character identity number that stands by itself inside other words. */
const personal = /(?<![0-9a-fA-F-])(?:1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?![0-9a-fA-F-])/g;

/** Takes telephone and identity numbers out of a line meant for the log. */
export const withoutNumbers = (line: string): string => line.replace(personal, '[number]');

const clean = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return withoutNumbers(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorForLog(value);
  if (depth === 0) return '[deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth - 1));
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value))
    result[name] = secret.has(name.toLowerCase()) && member !== undefined ? '[kept out]' : clean(member, depth - 1);
  return result;
};

/**
 * What of an error may be logged: type, message, stack, and for a database error its SQLSTATE and constraint.
 * PostgreSQL quotes the offending value in its message and shows whole rows in `detail`; neither is kept.
 */
export const errorForLog = (error: Error): Record<string, unknown> => {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const fromDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in error;
  const message = withoutNumbers(fromDatabase ? error.message.replace(/"[^"]*"$|: "[^]*$/, ': …') : error.message);
  const stack = error.stack?.slice(error.stack.indexOf('\n    at '));
  return {
    type: error.name, message,
    ...(code !== undefined && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(typeof table === 'string' && { table }),
    ...(stack && { stack }),
    ...(error.cause instanceof Error && { cause: errorForLog(error.cause) }),
  };
};

/**
 * The log of this process: one JSON object a line, times in ISO 8601 (UTC), errors under `err`.
 * Objects are cleaned of personal data and secrets before they are written; see `secret`.
 * @param level one of pino's levels, or `silent`.
 * @param to where lines go; standard output where absent.
 */
export const createLog = (level: string, to?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => (error instanceof Error ? errorForLog(error) : error) },
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => {
          const { err, ...rest } = object as { err?: unknown };
          return { ...(clean(rest, 5) as object), ...(err !== undefined && { err }) };
        },
      },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args.map((arg: unknown) => (typeof arg === 'string' ? withoutNumbers(arg) : arg));
          // Of an error alone pino would take the message as it is.
          const cleaned = first instanceof Error && rest.length === 0 ? [{ err: first }, withoutNumbers(first.message)] : [first, ...rest];
          method.apply(this, cleaned as typeof args);
        },
      },
    },
    to ?? pino.destination({ fd: 1, sync: false }),
  );
