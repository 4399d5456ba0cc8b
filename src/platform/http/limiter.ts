import type { Actor } from '../../base/actor.ts';

/** Requests a minute that one caller may make, over all routes. A burst of a whole minute's worth is let through at once. */
export interface Limits {
  /** Nobody signed in, by address (IPv6: by /64). */
  readonly address: number;
  /** A resident who has proved a telephone number. */
  readonly resident: number;
  readonly account: number;
  /** An integrator's program, by its account. */
  readonly program: number;
}

/**
 * A town's mobile network puts hundreds of residents behind one address, hence the generous figure for addresses;
 * what is dear (signing in, codes by SMS) has its own `perMinute`.
 */
export const defaultLimits: Limits = { address: 6_000, resident: 1_200, account: 6_000, program: 600_000 };

/** The /64 of an IPv6 address, which is what one subscriber gets; an IPv4 address as it is. */
export const network = (ip: string): string => {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1]!;
  const [head = '', tail] = ip.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).map((part) => part.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
};

/** Token buckets of this process. */
export interface Limiter {
  /** Takes one from the bucket; 0 when it was there, otherwise whole seconds until there will be one. */
  take(bucket: string, perMinute: number): number;
  /** Buckets in memory. */
  readonly size: number;
}

const most = 200_000;

/** @param now the present in milliseconds since 1970; a clock that jumps back gives nothing and takes nothing. */
export const createLimiter = (now: () => number): Limiter => {
  const buckets = new Map<string, { left: number; at: number; perMs: number; size: number }>();
  /** A bucket that has filled up again says nothing that a new one would not. */
  const forgetFull = (time: number): void => {
    for (const [key, bucket] of buckets) if (bucket.left + (time - bucket.at) * bucket.perMs >= bucket.size) buckets.delete(key);
    // Under an attack from ever new addresses the oldest go: memory must not be what gives way.
    for (const key of buckets.keys()) {
      if (buckets.size <= most / 2) break;
      buckets.delete(key);
    }
  };
  return {
    take(name, perMinute) {
      const time = now();
      let bucket = buckets.get(name);
      if (!bucket) {
        if (buckets.size >= most) forgetFull(time);
        bucket = { left: perMinute, at: time, perMs: perMinute / 60_000, size: perMinute };
        buckets.set(name, bucket);
      }
      bucket.left = Math.min(bucket.size, bucket.left + Math.max(0, time - bucket.at) * bucket.perMs);
      bucket.at = time;
      if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / bucket.perMs / 1000));
      bucket.left -= 1;
      return 0;
    },
    get size() {
      return buckets.size;
    },
  };
};

/** Whose bucket a request draws from, and how large it is. */
export const callerOf = (actor: Actor | null, ip: string, limits: Limits): { readonly key: string; readonly perMinute: number } => {
  if (actor === null || actor.kind === 'system') return { key: `a:${network(ip)}`, perMinute: limits.address };
  return { key: `u:${actor.id}`, perMinute: limits[actor.kind] };
};
