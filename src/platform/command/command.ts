import type { Json } from '../../base/canonical.ts';
import type { Language, Params } from '../../base/text/language.ts';

/** A word that stands behind a command's name. */
export interface Argument {
  readonly name: string;
  readonly required?: boolean;
  /** Takes all words that are left; only the last one may. */
  readonly many?: boolean;
  /** The only words that are right. */
  readonly oneOf?: readonly string[];
}

/** `--name` or `--name VALUE`. */
export interface Option {
  readonly name: string;
  /** What the value is; a flag has none. */
  readonly value: 'flag' | 'text' | 'number' | 'date';
  readonly required?: boolean;
}

/** One run of a command, its words checked against the declaration. */
export interface CommandCall {
  /** The argument's word, or '' where an optional one is absent. */
  arg(name: string): string;
  /** The words of an argument that takes many. */
  args(name: string): readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  readonly language: Language;
  readonly json: boolean;
  /** A text of the catalogue `data/texts/commands`, in the caller's language. */
  say(key: string, params?: Params): string;
  /** A line for people while the work goes on; goes to standard error, so that standard output stays the result. */
  progress(line: string): void;
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a command came to. */
export interface CommandResult {
  /** Exit code 0 or 1. */
  readonly done: boolean;
  /** What `--json` prints. */
  readonly data: Json;
  /** What people read; a line may hold line ends. */
  readonly lines: readonly string[];
}

/**
 * One command of `lamplight`. Its texts stand in `data/texts/commands/*.json`: `{name}` for the summary (spaces of the name
 * written as dots), `{name}.{argument or option}` for each word.
 */
export interface Command {
  /** One or two words: `serve`, `trace verify`. */
  readonly name: string;
  readonly args?: readonly Argument[];
  readonly options?: readonly Option[];
  readonly run: (call: CommandCall) => Promise<CommandResult>;
}

/** The caller used a command wrongly: exit code 2. `key` and `params` name a text of the catalogue. */
export class WrongUse extends Error {
  readonly key: string;
  readonly params: Params;
  constructor(key: string, params: Params = {}) {
    super(key);
    this.name = 'WrongUse';
    this.key = key;
    this.params = params;
  }
}

/** A table for a terminal: columns as wide as their widest cell, wide characters counted as two. */
export const table = (rows: readonly (readonly string[])[], gap = '  '): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))).join(gap).trimEnd());
};

/** Columns that a text takes in a terminal (Unicode TR 11: wide and full-width signs take two). */
const widthOf = (text: string): number => {
  let width = 0;
  for (const sign of text) width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(sign) ? 2 : 1;
  return width;
};
