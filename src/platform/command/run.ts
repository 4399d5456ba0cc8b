import { parseArgs } from 'node:util';
import { fill, type Language, type Params, say } from '../../base/text/language.ts';
import { textsOf } from '../texts.ts';
import { type Argument, type Command, type CommandCall, type Option, table, WrongUse } from './command.ts';

/** Where a run reads and writes; given, so that tests need no process. */
export interface Terminal {
  readonly language: Language;
  out(line: string): void;
  err(line: string): void;
  readonly signal: AbortSignal;
}

const keyOf = (command: Command): string => command.name.replaceAll(' ', '.');

const textFor = (language: Language) => (key: string, params?: Params): string => say(textsOf('commands'), language, key, params);

const shown = (argument: Argument): string => {
  const word = argument.oneOf ? argument.oneOf.join('|') : argument.name.toUpperCase();
  const many = argument.many ? `${word}…` : word;
  return argument.required ? many : `[${many}]`;
};

const shownOption = ({ name, value, required }: Option): string => {
  const word = value === 'flag' ? `--${name}` : `--${name} ${value === 'date' ? 'YYYY-MM-DD' : value === 'number' ? 'N' : 'TEXT'}`;
  return required ? word : `[${word}]`;
};

const useOf = (command: Command): string =>
  ['lamplight', command.name, ...(command.args ?? []).map(shown), ...(command.options ?? []).map(shownOption)].join(' ');

const overview = (commands: readonly Command[], language: Language): string[] => {
  const text = textFor(language);
  return [
    text('help.title'), '',
    ...table(commands.map((command) => [`  ${command.name}`, text(keyOf(command))])), '',
    text('help.more'),
  ];
};

const helpOf = (command: Command, language: Language): string[] => {
  const text = textFor(language);
  const words = [
    ...(command.args ?? []).map((argument) => [`  ${argument.oneOf?.join('|') ?? argument.name.toUpperCase()}`, text(`${keyOf(command)}.${argument.name}`)]),
    ...(command.options ?? []).map((option) => [`  --${option.name}`, text(`${keyOf(command)}.${option.name}`)]),
    ['  --json', text('help.json')],
  ];
  return [text(keyOf(command)), '', `  ${useOf(command)}`, '', ...table(words)];
};

const checkValue = (option: Option, value: string): void => {
  if (option.value === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) throw new WrongUse('wrong.number', { option: option.name, value });
  if (option.value === 'date' && (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)) || new Date(value).toISOString().slice(0, 10) !== value))
    throw new WrongUse('wrong.date', { option: option.name, value });
};

/** Reads the words behind a command's name. @throws WrongUse */
const callOf = (command: Command, words: readonly string[], terminal: Terminal): CommandCall => {
  const options = command.options ?? [];
  let values: Record<string, string | boolean | undefined>;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({
      args: [...words], allowPositionals: true, strict: true,
      options: Object.fromEntries([...options, { name: 'json', value: 'flag' } as const, { name: 'help', value: 'flag' } as const]
        .map(({ name, value }) => [name, { type: value === 'flag' ? 'boolean' : 'string' }])),
    }) as { values: Record<string, string | boolean | undefined>; positionals: string[] });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(-[^' =]*)/.exec(message)?.[1] ?? '';
    throw new WrongUse(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'wrong.option' : 'wrong.value', { option, use: useOf(command) });
  }
  for (const option of options) {
    const value = values[option.name];
    if (typeof value === 'string') checkValue(option, value);
    if (value === undefined && option.required) throw new WrongUse('wrong.missing', { word: `--${option.name}`, use: useOf(command) });
  }
  const found = new Map<string, string[]>();
  for (const argument of command.args ?? []) {
    const taken = argument.many ? positionals.splice(0) : positionals.splice(0, 1);
    if (argument.required && taken.length === 0) throw new WrongUse('wrong.missing', { word: argument.name.toUpperCase(), use: useOf(command) });
    for (const word of taken)
      if (argument.oneOf && !argument.oneOf.includes(word)) throw new WrongUse('wrong.word', { word, right: argument.oneOf.join(', ') });
    found.set(argument.name, taken);
  }
  if (positionals.length > 0) throw new WrongUse('wrong.extra', { word: positionals[0] ?? '', use: useOf(command) });
  const text = textFor(terminal.language);
  return {
    arg: (name) => found.get(name)?.[0] ?? '',
    args: (name) => found.get(name) ?? [],
    flag: (name) => values[name] === true,
    text: (name) => values[name] as string | undefined,
    number: (name) => (values[name] === undefined ? undefined : Number(values[name])),
    language: terminal.language, json: values['json'] === true, signal: terminal.signal,
    say: text,
    progress: (line) => terminal.err(line),
  };
};

/**
 * Runs the command that the words name and prints what it came to.
 * @returns the exit code: 0 done, 1 failed, 2 wrong use.
 */
export const runCommand = async (commands: readonly Command[], words: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> => {
  const text = textFor(terminal.language);
  const json = words.includes('--json');
  const fail = (reason: string, detail: string): void => {
    if (json) terminal.out(JSON.stringify({ done: false, reason, detail }));
    terminal.err(detail);
  };
  const first = words[0] ?? 'help';
  const command = commands.find(({ name }) => name === `${first} ${words[1] ?? ''}`) ?? commands.find(({ name }) => name === first);
  if (!command) {
    const group = commands.filter(({ name }) => name.startsWith(`${first} `));
    if (['help', '--help', '-h'].includes(first)) {
      for (const line of overview(commands, terminal.language)) terminal.out(line);
      return 0;
    }
    fail('wrong_use', text('wrong.command', { word: group.length > 0 ? `${first} ${words[1] ?? ''}`.trim() : first }));
    for (const line of overview(group.length > 0 ? group : commands, terminal.language)) terminal.err(line);
    return 2;
  }
  const rest = words.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    for (const line of helpOf(command, terminal.language)) terminal.out(line);
    return 0;
  }
  try {
    const result = await command.run(callOf(command, rest, terminal));
    if (json) terminal.out(JSON.stringify(result.data));
    else for (const line of result.lines) terminal.out(line);
    return result.done ? 0 : 1;
  } catch (error) {
    if (error instanceof WrongUse) {
      fail('wrong_use', fill(text(error.key), error.params));
      return 2;
    }
    fail('failed', (error as Error).message || String(error));
    return 1;
  }
};
