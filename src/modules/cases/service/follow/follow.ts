import type { Keys } from '../../../../platform/keys.ts';

/** Who follows: whoever reported the case, or somebody who follows it together with them and may only read. */
export type FollowsAs = 'reporter' | 'together';

/**
 * The token of the page that follows one case: the case's id and a keyed mark over it, 24 bytes, base64url. Nothing is
 * stored, so every message can carry the link; who has it sees this case and no other. 64 bits of mark, asked for online
 * under rate limits, cannot be guessed.
 */
export interface FollowTokens {
  of(matter: string, as?: FollowsAs): string;
  /** Undefined for a token that we did not make. */
  read(token: string): { readonly matter: string; readonly as: FollowsAs } | undefined;
}

const uuidOf = (bytes: Buffer): string => {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

export const createFollowTokens = (keys: Keys): FollowTokens => {
  const markOf = (matter: string, as: FollowsAs): Buffer => keys.blindIndex(`follow-${as}`, matter).subarray(5, 13);
  return {
    of: (matter, as = 'reporter') => Buffer.concat([Buffer.from(matter.replaceAll('-', ''), 'hex'), markOf(matter, as)]).toString('base64url'),
    read(token) {
      if (!/^[A-Za-z0-9_-]{32}$/.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      const matter = uuidOf(bytes.subarray(0, 16));
      const as = (['reporter', 'together'] as const).find((one) => markOf(matter, one).equals(bytes.subarray(16)));
      return as && { matter, as };
    },
  };
};
