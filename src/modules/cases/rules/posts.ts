import type { Text } from '../../../base/text/language.ts';

/** What an escalation counts: until it is filed (from when that was late), until it is finished (from filing), until it is verified (from finishing). */
export type Stage = 'file' | 'handle' | 'verify';

/** One rung: at a share of the limit, or so many hours over it, in the limit's kind of time; and the posts that are told. */
export interface Rung {
  readonly share?: number;
  readonly over?: number;
  readonly to: readonly string[];
}

/** Who holds a post: a role in the lead unit, in the unit above it, or at the place; `unassigned` counts only while no unit has the case. */
export interface PostHolder {
  readonly role: string;
  readonly within: 'unit' | 'parent' | 'place';
  readonly unassigned?: boolean;
}

/** A post that cases rise to, the lowest first. */
export interface Post {
  readonly post: string;
  /** What a county calls a post of its own; those that ship have names among the texts of settings. */
  readonly name?: Text;
  readonly holders: readonly PostHolder[];
}
