import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { benchCommand } from '../../bench/commands.ts';
import { platformCommands } from '../../src/entry/commands.ts';
import { moduleCommands } from '../../src/entry/town/commands.ts';
import type { Command } from '../../src/platform/command/command.ts';
import { readConfig } from '../../src/platform/config.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Documents that git keeps; all of the usual places where there is no repository. */
const documents = (): string[] => {
  try {
    return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' }).split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  } catch {
    return ['.', 'docs', 'docs/decisions', 'data/components', 'data/standards'].flatMap((folder) =>
      readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => (folder === '.' ? name : `${folder}/${name}`)));
  }
};

/** A document without its code: what stands there is an example, not a link. */
const prose = (text: string): string => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, (span) => span.replace(/[[\]()]/g, ' '));

const linksOf = (text: string): string[] => [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

/** What a heading is called in an address, as GitHub makes it. */
const anchorsOf = (text: string): Set<string> =>
  new Set([...text.replace(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)]
    .map(([, heading]) => heading!.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')));

test('every relative link leads somewhere', () => {
  const broken = documents().flatMap((file) => linksOf(read(file)).flatMap((link) => {
    if (/^[a-z]+:/i.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(root, file) : join(root, dirname(file), path);
    if (!existsSync(target)) return [`${file}: ${link}`];
    if (anchor === undefined || statSync(target).isDirectory()) return [];
    return anchorsOf(readFileSync(target, 'utf8')).has(decodeURIComponent(anchor)) ? [] : [`${file}: ${link} (no such heading)`];
  }));
  expect(broken).toEqual([]);
});

/** Words that a language says in its own way become a dot: FILE and 文件, ID and 编号. */
const withoutPlaceholders = (code: string): string => code.replace(/\s+#.*$/, '').replace(/(?<=\s)(?:[A-Z]+|\p{Script=Han}+)(?=\s|$)/gu, '·').trim();

const codeOf = (text: string): string[] => {
  const blocks = [...text.matchAll(/^```\w*\n([^]*?)^```/gm)].flatMap(([, block]) => block!.split('\n'));
  const spans = [...text.replace(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  return [...blocks, ...spans].map(withoutPlaceholders).filter((line) => line !== '').sort();
};

test('both readmes name the same commands, addresses and variables, and lead to the same places', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map(read) as [string, string];
  expect(codeOf(chinese)).toEqual(codeOf(english));
  const elsewhere = (text: string) => linksOf(text).filter((link) => !/^README/.test(link)).sort();
  expect(elsewhere(chinese)).toEqual(elsewhere(english));
  expect(linksOf(english)).toContain('README.zh-CN.md');
  expect(linksOf(chinese)).toContain('README.md');
});

test('every variable of the environment has its row for operators', () => {
  const variables = [...new Set([...read('src/platform/config.ts').matchAll(/'((?:LAMPLIGHT|DATABASE)_[A-Z_]+)'/g)].map(([, name]) => name!))];
  expect(variables.length).toBeGreaterThan(10);
  const rows = read('docs/operating.md');
  expect(variables.filter((name) => !rows.includes(`| \`${name}\` |`))).toEqual([]);
});

test('every series of the metrics stands in the table for operators', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const series = [...new Set(files.flatMap((file) => [...read(join('src', file)).matchAll(/'(lamplight_[a-z_]+)', (?:help:|')|name: '(lamplight_[a-z_]+)'/g)].map(([, a, b]) => (a ?? b)!)))];
  expect(series.length).toBeGreaterThan(15);
  const table = read('docs/operating.md');
  expect(series.filter((name) => !table.includes(name))).toEqual([]);
});

test('every package is there for a reason that is written down, and none is named that is not there', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const packages = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const page = read('docs/dependencies.md');
  expect(packages.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const named = [...page.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
  expect(named.filter((name) => !packages.includes(name))).toEqual([]);
});

const commands: readonly Command[] = [
  ...platformCommands(readConfig({}, root), {}), benchCommand(),
  ...moduleCommands(() => Promise.reject(new Error('nothing is opened here')), () => Promise.reject(new Error('nothing is opened here'))),
];

test('every command that a document names is there, with the options that it is given', () => {
  const wrong = documents().flatMap((file) => codeOf(read(file)).flatMap((line) => {
    const words = /(?:^|&& )(?:npm run -s )?lamplight(?: --)? ([^&|]+)/.exec(line)?.[1]?.trim().split(/\s+/);
    if (!words || !/^[a-z]+$/.test(words[0]!) || words[0] === 'help') return [];
    const command = commands.find(({ name }) => name === words.slice(0, 2).join(' ')) ?? commands.find(({ name }) => name === words[0]);
    if (!command) return commands.some(({ name }) => name.startsWith(`${words[0]!} `)) && words.length === 1 ? [] : [`${file}: ${line} (no such command)`];
    const known = new Set(['json', 'help', ...(command.options ?? []).map(({ name }) => name)]);
    return words.flatMap((word) => {
      const option = /^\[?--?([a-z-]+)/.exec(word)?.[1];
      return option !== undefined && (!word.includes('--') || !known.has(option)) ? [`${file}: ${line} (no option ${word})`] : [];
    });
  }));
  expect(wrong).toEqual([]);
});
