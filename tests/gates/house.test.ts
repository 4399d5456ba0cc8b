import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { sealedTables } from '../../src/entry/operator/keys.ts';

const root = resolve(import.meta.dirname, '../..');

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** The text without its comments; strings stay. Good enough for looking for calls, which is all it is for. */
const code = (file: string): string => readFileSync(join(root, file), 'utf8').replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*$/gm, '');

const holding = (where: RegExp, what: RegExp): string[] => files.filter((file) => where.test(file) && what.test(code(file)));

test('the environment is read in one place', () => {
  expect(holding(/^src\/(base|html|modules|demo|web)\//, /\bprocess\.env\b/)).toEqual([]);
});

test('time and chance come in from outside', () => {
  // A script of a resident's page has the clock of its browser and no other.
  expect(holding(/^src\/(base|html(?!\/keep\.ts)|modules|demo)\//, /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/)).toEqual([]);
});

test('SQL never asks what time it is, and nobody listens for news but the ledger', () => {
  expect(holding(/^src\/modules\/[^/]+\/(store|reads)/, /['"`\s(](now\(\)|current_timestamp|clock_timestamp\(\)|localtimestamp)/i)).toEqual([]);
  expect(holding(/^src\/modules\/(?!ledger\/)/, /\b(pg_notify\(|NOTIFY\s+\w+)/)).toEqual([]);
});

test('the application writes to the ledger and never over it', () => {
  expect(holding(/^src\//, /\b(update|delete\s+from|truncate)\s+(ledger_(entry|tile|checkpoint)s?|entry|tile|checkpoint)\b/i)).toEqual([]);
});

test('what is sealed to be kept is declared, so that a new data key seals it anew', () => {
  // A begun report is forgotten within a day, and a phone that was just asked for within minutes.
  const declared = new Set(['case.draft', 'mine.phone', 'mail.link', 'wechat.openid', ...sealedTables.flatMap(({ columns }) => Object.values(columns))]);
  const sealed = files.filter((file) => file.startsWith('src/modules/')).flatMap((file) => [...code(file).matchAll(/\bseal\([^;\n]*?,\s*'([a-z.]+)'\)/g)].map(([, context]) => context!));
  expect(sealed.length).toBeGreaterThan(8);
  expect(sealed.filter((context) => !declared.has(context))).toEqual([]);
});

test('no check is turned off, nothing is left to do, no type is any', () => {
  const marks = /@ts-(ignore|nocheck|expect-error)|(eslint|oxlint)-disable|\bTODO\b|\bFIXME\b/;
  expect(files.filter((file) => marks.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('a name says what is there', () => {
  const vague = /(^|\/)(utils?|helpers?|common|manager|misc|stuff|lib)(\/|\.tsx?$)/i;
  expect(files.filter((file) => vague.test(file))).toEqual([]);
});

test('a file is one idea: under about 400 lines; a folder holds under about 12 files', () => {
  expect(files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 420)).toEqual([]);
  const folders = Map.groupBy(files, (file) => dirname(file));
  expect([...folders].filter(([, inside]) => inside.length > 16).map(([folder, inside]) => `${folder}: ${inside.length}`)).toEqual([]);
});

/** What git keeps, or would keep; all files of a tree that is no repository. */
const kept = (): string[] => {
  try {
    return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 }).split('\0').filter(Boolean);
  } catch {
    return files;
  }
};

test('nothing that is kept tells of the machine it was written on', () => {
  const told = /(?:^|[\s"'`(=])\/(?:work|home|root|Users)\/\w|\.\.\/shared\/(?:design|data)|localhost:4873/;
  const wrong = kept().filter((file) => {
    const path = join(root, file);
    if (file === 'tests/gates/house.test.ts' || /\.(png|jpe?g|webp|woff2?|ttf|pbf|gz|br)$/.test(file)) return false;
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() === true && found.size < 4_000_000 && told.test(readFileSync(path, 'utf8'));
  });
  expect(wrong).toEqual([]);
});

test('every declared package is of one exact version', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(([, version]) => !/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});
