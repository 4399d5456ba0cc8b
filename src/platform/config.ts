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
  /** SMS by SMPP 3.4: address with options, and the sender that phones see; null: not connected. */
  readonly smpp: SmsLine | null;
  /** SMS by CMPP 3.0, the same. */
  readonly cmpp: SmsLine | null;
  /** File that describes an SMS aggregator, and its secret; null: not connected. */
  readonly aggregator: { readonly file: string; readonly secret: string } | null;
  /** Where messages are handed to a gateway, signed with the secret; null: to none. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** File that describes a WeChat official account, its secrets too; null: none. */
  readonly wechat: string | null;
  /** The broker that devices publish to; null: readings come over HTTP only. */
  readonly mqtt: MqttBroker | null;
  /** Web push: whom push services write to, and services that may stand inside our network; null: browsers are not told. */
  readonly push: { readonly contact: string; readonly hosts: readonly string[] } | null;
}

/** A broker of devices, and how its messages are read. */
export interface MqttBroker {
  /** Without the options. */
  readonly url: string;
  /** What every topic begins with. */
  readonly prefix: string;
  /** `key`: a message carries its device's key. `topic`: the broker lets nobody write under another device's topic. */
  readonly trust: 'key' | 'topic';
  /** Name under which the broker keeps what comes while nobody reads. */
  readonly client: string;
  /** Connections that share the messages among them (`$share`), each with one message under way. */
  readonly lanes: number;
}

/** A line to a short message centre. */
export interface SmsLine {
  /** Without the options. */
  readonly url: string;
  readonly source: string;
  /** Segments that wait for an answer at once, and that begin in a second (0: no limit). */
  readonly window: number;
  readonly perSecond: number;
  /** What else stood behind the `?` of the address. */
  readonly options: Readonly<Record<string, string>>;
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
  const line = (name: string, given: readonly [string, string] | null, protocol: RegExp, like: string, known: readonly string[]): SmsLine | null => {
    if (!given) return null;
    if (!protocol.test(given[0]) || !URL.canParse(given[0])) throw new ConfigError(name, '…', `must look like ${like}`);
    const at = new URL(given[0]);
    const options = Object.fromEntries(at.searchParams);
    at.search = '';
    const whole = (option: string, usual: number, most: number): number => {
      const value = Number(options[option] ?? usual);
      if (!Number.isInteger(value) || value < 0 || value > most) throw new ConfigError(name, `…${option}=${options[option]}`, `must be a whole number up to ${most}`);
      return value;
    };
    const unknown = Object.keys(options).find((option) => !['window', 'perSecond', ...known].includes(option));
    if (unknown !== undefined) throw new ConfigError(name, `…${unknown}`, `knows the options window, perSecond, ${known.join(', ')}`);
    return { url: at.href, source: given[1], window: Math.max(1, whole('window', 16, 5_000)), perSecond: whole('perSecond', 0, 100_000), options };
  };
  const aggregator = pair('LAMPLIGHT_AGGREGATOR_FILE', 'LAMPLIGHT_AGGREGATOR_SECRET');
  if (aggregator && aggregator[1].length < 24) throw new ConfigError('LAMPLIGHT_AGGREGATOR_SECRET', '…', 'must have at least 24 characters');
  const webhook = pair('LAMPLIGHT_WEBHOOK_URL', 'LAMPLIGHT_WEBHOOK_SECRET');
  if (webhook && !/^https?:\/\//.test(webhook[0])) throw new ConfigError('LAMPLIGHT_WEBHOOK_URL', '…', 'must start with https:// or http://');
  const broker = (value: string | undefined): MqttBroker | null => {
    if (!value) return null;
    if (!/^(mqtts?|wss?):\/\//.test(value) || !URL.canParse(value)) throw new ConfigError('LAMPLIGHT_MQTT_URL', '…', 'must look like mqtt://name:password@host:1883?trust=key');
    const at = new URL(value);
    const options = Object.fromEntries(at.searchParams);
    at.search = '';
    const { prefix = 'lamplight', trust = 'key', client = 'lamplight', lanes = '1', ...unknown } = options;
    const wrong = Object.keys(unknown)[0];
    if (wrong !== undefined) throw new ConfigError('LAMPLIGHT_MQTT_URL', `…${wrong}`, 'knows the options prefix, trust, client, lanes');
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(prefix)) throw new ConfigError('LAMPLIGHT_MQTT_URL', `…prefix=${prefix}`, 'must be a topic without wildcards');
    if (trust !== 'key' && trust !== 'topic') throw new ConfigError('LAMPLIGHT_MQTT_URL', `…trust=${trust}`, 'must be key or topic');
    if (!/^[\w-]{1,20}$/.test(client)) throw new ConfigError('LAMPLIGHT_MQTT_URL', `…client=${client}`, 'must be up to 20 letters and figures');
    if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(lanes)) throw new ConfigError('LAMPLIGHT_MQTT_URL', `…lanes=${lanes}`, 'must be 1 to 64');
    return { url: at.href, prefix, trust, client, lanes: Number(lanes) };
  };
  const pushContact = env['LAMPLIGHT_PUSH_CONTACT'] || null;
  if (pushContact !== null && !/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/.test(pushContact)) throw new ConfigError('LAMPLIGHT_PUSH_CONTACT', pushContact, 'must look like mailto:it@town.example or https://town.example');
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
    smpp: line('LAMPLIGHT_SMPP_URL', pair('LAMPLIGHT_SMPP_URL', 'LAMPLIGHT_SMPP_SOURCE'), /^smpps?:\/\//, 'smpp://system_id:password@host:2775', ['long', 'prefix', 'systemType', 'decimalReceipts']),
    cmpp: line('LAMPLIGHT_CMPP_URL', pair('LAMPLIGHT_CMPP_URL', 'LAMPLIGHT_CMPP_SOURCE'), /^cmpp:\/\//, 'cmpp://sp_id:secret@host:7890', ['serviceId']),
    aggregator: aggregator && { file: path(aggregator[0]), secret: aggregator[1] },
    smtp: smtp && { url: smtp[0], from: smtp[1] },
    webhook: webhook && { url: webhook[0], secret: webhook[1] },
    wechat: env['LAMPLIGHT_WECHAT_FILE'] ? path(env['LAMPLIGHT_WECHAT_FILE']) : null,
    mqtt: broker(env['LAMPLIGHT_MQTT_URL']),
    push: pushContact === null ? null : { contact: pushContact, hosts: (env['LAMPLIGHT_PUSH_HOSTS'] ?? '').toLowerCase().split(/[\s,]+/).filter(Boolean) },
  };
};
