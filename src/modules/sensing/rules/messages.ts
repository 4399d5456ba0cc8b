/** Whose topic it is: a device's, or a county's for a gateway that names a device in every line. */
export interface Topic { readonly county: string; readonly device: string | null; readonly what: 'readings' | 'state' }

/** Codes of devices: what may stand in a topic and in an address. */
export const deviceCode = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** `{prefix}/{county}/{device}/readings`, `…/state` and `{prefix}/{county}/readings`; undefined for any other. */
export const topicOf = (prefix: string, topic: string): Topic | undefined => {
  if (!topic.startsWith(`${prefix}/`)) return undefined;
  const parts = topic.slice(prefix.length + 1).split('/');
  const [county = '', device = '', what] = parts;
  if (!/^[0-9A-Za-z]{2,12}$/.test(county)) return undefined;
  if (parts.length === 2 && device === 'readings') return { county, device: null, what: 'readings' };
  return parts.length === 3 && deviceCode.test(device) && (what === 'readings' || what === 'state') ? { county, device, what } : undefined;
};

/** A message as it was meant. */
export type Spoken =
  | { readonly is: 'readings'; readonly lines: readonly Readonly<Record<string, unknown>>[]; readonly key?: string }
  | { readonly is: 'state'; readonly online: boolean; readonly key?: string }
  | { readonly is: 'wrong'; readonly reason: 'sensing.json' | 'sensing.shape' | 'sensing.too_many' | 'sensing.too_large' };

/** Readings that one message may carry. */
export const linesAtMost = 5_000;

const keyOf = (given: Readonly<Record<string, unknown>>): { key?: string } => (typeof given['key'] === 'string' ? { key: given['key'] } : {});

/** Reads a message: `{…}`, `[{…}, …]`, `{readings: […], key}`, or a bare number; of a state `online`, `offline` or `{state, key}`. */
export const readMessage = (isState: boolean, text: string): Spoken => {
  if (isState && (text === 'online' || text === 'offline')) return { is: 'state', online: text === 'online' };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { is: 'wrong', reason: 'sensing.json' };
  }
  if (!isState && typeof given === 'number') return { is: 'readings', lines: [{ value: given }] };
  if (typeof given !== 'object' || given === null) return { is: 'wrong', reason: 'sensing.shape' };
  const record = given as Readonly<Record<string, unknown>>;
  if (isState) return record['state'] === 'online' || record['state'] === 'offline' ? { is: 'state', online: record['state'] === 'online', ...keyOf(record) } : { is: 'wrong', reason: 'sensing.shape' };
  const lines: unknown = Array.isArray(given) ? given : record['readings'] ?? [given];
  if (!Array.isArray(lines) || lines.length === 0 || lines.some((one) => typeof one !== 'object' || one === null || Array.isArray(one))) return { is: 'wrong', reason: 'sensing.shape' };
  if (lines.length > linesAtMost) return { is: 'wrong', reason: 'sensing.too_many' };
  return { is: 'readings', lines: lines as Readonly<Record<string, unknown>>[], ...(Array.isArray(given) ? {} : keyOf(record)) };
};
