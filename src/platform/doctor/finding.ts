/** One thing that was looked at. */
export interface Finding {
  /** What was looked at: `port`, `disk`, `database`, … */
  readonly check: string;
  /** `bad` must be mended before the installation can be relied on; `warn` should be. */
  readonly state: 'ok' | 'warn' | 'bad';
  /** Key of `data/texts/commands`: what was found; with `.do` behind it, what to do about it unless the state is ok. */
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export const finding = (check: string, state: Finding['state'], what: string, params: Finding['params'] = {}): Finding =>
  ({ check, state, key: `doctor.${check}.${what}`, params });
