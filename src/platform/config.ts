import { isAbsolute, resolve } from 'node:path';

/** Everything that the environment decides, read once. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Absolute folder of database, blobs and keys. */
  readonly data: string;
  /** Absolute folder of the keys; inside `data` unless given. */
  readonly keys: string;
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  /** The address that people use, without a slash at the end. */
  readonly url: string;
  readonly trustProxy: boolean;
  /** null: the command's own default. */
  readonly demo: boolean | null;
  readonly logLevel: string;
  /** Mail server and sender of messages; null: no mail is sent. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
  /** Where messages are handed to a gateway, signed with the secret; null: to none. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
}

const flag = (name: string, value: string | undefined): boolean | null => {
  if (value === undefined || value === '') return null;
  if (value === '1') return true;
  if (value === '0') return false;
  throw new ConfigError(name, value, 'must be 0 or 1');
};

export class ConfigError extends Error {
  constructor(name: string, value: string, rule: string) {
    super(`${name}=${value}: ${rule}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads the environment. `root` is the folder that relative paths stand in.
 * @throws ConfigError naming the variable, its value and the rule.
 */
export const readConfig = (env: NodeJS.ProcessEnv, root: string): Config => {
  const path = (value: string) => (isAbsolute(value) ? value : resolve(root, value));
  const portText = env['LAMPLIGHT_PORT'] || '8300';
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > 65535) throw new ConfigError('LAMPLIGHT_PORT', portText, 'must be a port, 0 to 65535');
  const host = env['LAMPLIGHT_HOST'] || '127.0.0.1';
  const data = path(env['LAMPLIGHT_DATA'] || '.lamplight');
  const database = (name: string): string | null => {
    const value = env[name] || null;
    if (value && !/^postgres(ql)?:\/\//.test(value)) throw new ConfigError(name, '…', 'must start with postgres:// or postgresql://');
    return value;
  };
  const urlText = env['LAMPLIGHT_URL'] || `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  let url: URL;
  try {
    url = new URL(urlText);
  } catch {
    throw new ConfigError('LAMPLIGHT_URL', urlText, 'must be an address such as https://town.example');
  }
  if (!['http:', 'https:'].includes(url.protocol)) throw new ConfigError('LAMPLIGHT_URL', urlText, 'must be http or https');
  const logLevel = env['LAMPLIGHT_LOG'] || 'info';
  if (!['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(logLevel))
    throw new ConfigError('LAMPLIGHT_LOG', logLevel, 'must be one of fatal error warn info debug trace silent');
  const pair = (first: string, second: string): [string, string] | null => {
    const [a, b] = [env[first] || null, env[second] || null];
    if (a !== null && b === null) throw new ConfigError(first, '…', `needs ${second} too`);
    if (a === null && b !== null) throw new ConfigError(second, '…', `needs ${first} too`);
    return a === null || b === null ? null : [a, b];
  };
  const smtp = pair('LAMPLIGHT_SMTP_URL', 'LAMPLIGHT_SMTP_FROM');
  if (smtp && !/^smtps?:\/\//.test(smtp[0])) throw new ConfigError('LAMPLIGHT_SMTP_URL', '…', 'must start with smtp:// or smtps://');
  const webhook = pair('LAMPLIGHT_WEBHOOK_URL', 'LAMPLIGHT_WEBHOOK_SECRET');
  if (webhook && !/^https?:\/\//.test(webhook[0])) throw new ConfigError('LAMPLIGHT_WEBHOOK_URL', '…', 'must start with https:// or http://');
  return {
    host,
    port,
    data,
    keys: env['LAMPLIGHT_KEYS'] ? path(env['LAMPLIGHT_KEYS']) : resolve(data, 'keys'),
    databaseUrl: database('DATABASE_URL'),
    databaseOwnerUrl: database('DATABASE_OWNER_URL'),
    url: url.href.replace(/\/$/, ''),
    trustProxy: flag('LAMPLIGHT_TRUST_PROXY', env['LAMPLIGHT_TRUST_PROXY']) ?? false,
    demo: flag('LAMPLIGHT_DEMO', env['LAMPLIGHT_DEMO']),
    logLevel,
    smtp: smtp && { url: smtp[0], from: smtp[1] },
    webhook: webhook && { url: webhook[0], secret: webhook[1] },
  };
};
