import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Converter } from 'opencc-js';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Catalogue, languages } from '../../src/base/text/language.ts';
import { readJson } from '../../src/platform/http/reading/guard.ts';
import { textsFolder, textsOf } from '../../src/platform/texts.ts';

const root = resolve(import.meta.dirname, '../..');

const filesUnder = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const catalogues = filesUnder(textsFolder, /\.json$/).map((path) => ({ name: path.slice(textsFolder.length + 1), path }));
const read = (path: string): Catalogue => JSON.parse(readFileSync(path, 'utf8')) as Catalogue;

const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).filter((name, at, all) => all.indexOf(name) === at).sort();

describe.each(catalogues)('the catalogue $name', ({ path }) => {
  test('names no key twice and holds no sign that cannot be seen', () => {
    expect(readJson(readFileSync(path))).not.toHaveProperty('refused');
  });

  test('says every text in all languages, none empty, with the same parameters', () => {
    const wrong = Object.entries(read(path)).filter(([, text]) =>
      languages.some((language) => typeof text[language] !== 'string' || text[language].trim() === '') ||
      languages.some((language) => parameters(text[language]).join() !== parameters(text.en).join()) ||
      Object.keys(text).length !== languages.length);
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test('has no simplified character in a traditional text, and no traditional one in a simplified text', () => {
    const toTraditional = Converter({ from: 'cn', to: 't' });
    const toSimplified = Converter({ from: 't', to: 'cn' });
    // Characters that are right in both: Taiwan's usage, or one of two meanings.
    const both = new Set('台准里占干斗丑云后系面松谷只表范制志余几出合向舍凶郁仆朴术吁胡采');
    const wrong: string[] = [];
    for (const [key, text] of Object.entries(read(path))) {
      // A language is named in its own script.
      if (key.startsWith('lang.')) continue;
      for (const sign of new Set(text['zh-Hant'])) if (!both.has(sign) && toTraditional(sign) !== sign && toSimplified(sign) === sign) wrong.push(`${key}: ${sign}`);
      for (const sign of new Set(text['zh-Hans'])) if (!both.has(sign) && toSimplified(sign) !== sign) wrong.push(`${key}: ${sign}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** Every string of a source file outside comments, with its line. */
const stringsOf = (path: string): { readonly text: string; readonly line: number }[] => {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { text: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isJsxText(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      found.push({ text: node.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const sources = filesUnder(join(root, 'src'), /\.tsx?$/).map((path) => ({ path, name: path.slice(root.length + 1) }));

describe('texts and code', () => {
  test('every reason that a refusal is made with has its words', () => {
    // What a command answers on a terminal stands with the commands.
    const reasons = { ...textsOf('reasons'), ...textsOf('commands') };
    const missing: string[] = [];
    for (const { path, name } of sources)
      for (const [, reason] of readFileSync(path, 'utf8').matchAll(/\b(?:refuse\(\s*\d{3},\s*|reason: )'([a-z]+\.[\w.]+)'/g))
        if (!(reason! in reasons)) missing.push(`${name}: ${reason!}`);
    expect(missing).toEqual([]);
  });

  test('every key that is asked of a catalogue by name is there', () => {
    const missing: string[] = [];
    for (const { path, name } of sources)
      for (const [, area, key] of readFileSync(path, 'utf8').matchAll(/\bsay\(\s*textsOf\('(\w+)'\),\s*[\w.]+,\s*'([^']+)'/g))
        if (!(key! in textsOf(area!))) missing.push(`${name}: ${area!} ${key!}`);
    expect(missing).toEqual([]);
  });

  test('what people read stands in catalogues, not in code', () => {
    // What reads people's words (limits, addresses, numerals, dates), what is data of the demo town, and a component's examples.
    const reads = /^src\/(base\/text\/numerals|demo\/|html\/components\/|platform\/tables\/|modules\/[^/]+\/rules\/|modules\/places\/service\/(addresses|skeleton)|modules\/cases\/service\/area)/;
    const written: string[] = [];
    for (const { path, name } of sources)
      if (!reads.test(name))
        // Units of measure beside a figure (米, 公里) and of a date (年, 月, 日) are the language's format, as Intl's would be.
        for (const { text, line } of stringsOf(path)) if (/\p{Script=Han}/u.test(text.replace(/^\s*(米|公里|年|月|日)\s*$/u, ''))) written.push(`${name}:${line}: ${text.trim().slice(0, 40)}`);
    expect(written).toEqual([]);
  });
});
