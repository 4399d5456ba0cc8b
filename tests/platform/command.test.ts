import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languages } from '../../src/base/text/language.ts';
import { type Command, table, WrongUse } from '../../src/platform/command/command.ts';
import { runCommand } from '../../src/platform/command/run.ts';
import { readConfig } from '../../src/platform/config.ts';
import { textsOf } from '../../src/platform/texts.ts';
import { platformCommands } from '../../src/entry/commands.ts';
import { moduleCommands } from '../../src/entry/town/commands.ts';

const seen: unknown[] = [];
const commands: Command[] = [
  {
    name: 'backup', args: [{ name: 'folder', required: true }],
    run: async (call) => { seen.push(call.arg('folder')); return { done: true, data: { folder: call.arg('folder') }, lines: ['copied'] }; },
  },
  {
    name: 'restore', args: [{ name: 'folder', oneOf: ['here', 'there'] }], options: [{ name: 'days', value: 'number' }, { name: 'from', value: 'date' }, { name: 'worker', value: 'flag' }],
    run: async (call) => ({ done: false, data: { days: call.number('days') ?? null, from: call.text('from') ?? null, worker: call.flag('worker') }, lines: [] }),
  },
  { name: 'trace verify', run: async () => { throw new Error('the disk is full'); } },
  { name: 'trace export', run: async () => { throw new WrongUse('wrong.word', { word: 'x', right: 'y' }); } },
];

const run = async (words: string[], language: 'en' | 'zh-Hans' = 'en') => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(commands, words, { language, out: (line) => out.push(line), err: (line) => err.push(line), signal: new AbortController().signal });
  return { code, out: out.join('\n'), err: err.join('\n') };
};

test('a command that did its work exits 0 and prints for people, or one line of JSON', async () => {
  expect(await run(['backup', '/b'])).toEqual({ code: 0, out: 'copied', err: '' });
  expect(await run(['backup', '/b', '--json'])).toEqual({ code: 0, out: '{"folder":"/b"}', err: '' });
});

test('a command that failed exits 1 and says why in one line', async () => {
  expect(await run(['trace', 'verify'])).toEqual({ code: 1, out: '', err: 'the disk is full' });
  expect(await run(['trace', 'verify', '--json'])).toEqual({ code: 1, out: '{"done":false,"reason":"failed","detail":"the disk is full"}', err: 'the disk is full' });
  expect((await run(['restore', '--days', '3', '--from', '2026-11-24', '--worker', '--json']))).toMatchObject({ code: 1, out: '{"days":3,"from":"2026-11-24","worker":true}' });
});

test.each([
  [['nonsense'], /There is no command “nonsense”/],
  [['trace'], /There is no command “trace”.*\n[^]*trace verify/],
  [['backup'], /FOLDER is missing\. Use: lamplight backup FOLDER/],
  [['backup', 'a', 'b'], /“b” is too much/],
  [['backup', 'a', '--force'], /There is no option --force/],
  [['restore', 'elsewhere'], /“elsewhere” is none of: here, there/],
  [['restore', '--days', 'many'], /--days: “many” is no number/],
  [['restore', '--days'], /Option --days lacks its value/],
  [['restore', '--from', '2026-02-30'], /--from: “2026-02-30” is no date/],
  [['trace', 'export'], /“x” is none of: y/],
])('wrong use exits 2 and says how it is right: %j', async (words, pattern) => {
  const { code, err } = await run(words);
  expect(code).toBe(2);
  expect(err).toMatch(pattern);
});

test('help is there for all commands and for each, in the language of the terminal', async () => {
  expect((await run(['help'])).out).toContain('trace verify');
  expect(await run(['backup', '--help'], 'zh-Hans')).toMatchObject({ code: 0, out: expect.stringContaining('备份') as string });
});

test('columns of a table stand under each other with Chinese words in them', () => {
  expect(table([['ab', 'x'], ['路灯', 'y']])).toEqual(['ab    x', '路灯  y']);
});

test('every command and every word of it is explained in three languages', () => {
  const texts = textsOf('commands');
  const all = [...platformCommands(readConfig({}, '/'), {}), ...moduleCommands(() => Promise.reject(new Error('help needs no town')), () => Promise.reject(new Error('help needs no world')))];
  const keys = all.flatMap(({ name, args = [], options = [] }) => {
    const key = name.replaceAll(' ', '.');
    return [key, ...[...args, ...options].map((word) => `${key}.${word.name}`)];
  });
  for (const key of keys) for (const language of languages) expect(texts[key]?.[language], `${key} ${language}`).toBeTruthy();
  expect(readdirSync('data/texts/commands').length).toBeGreaterThan(0);
});
