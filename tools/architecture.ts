import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const house = resolve(import.meta.dirname, '..');

/** An import that the rules of the house forbid. */
export interface Forbidden {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface Architecture {
  readonly forbidden: readonly Forbidden[];
  /** Source files of the tree that the cruise saw; one that it does not see it cannot judge. */
  readonly seen: number;
  /** Source files that are there and were not seen. */
  readonly unseen: readonly string[];
}

/** Fewer modules than this cannot be the house: the parser has seen nothing, as it does with a TypeScript it does not know. */
const floor = 200;

const sourcesUnder = (root: string): string[] =>
  readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** Holds every import below `{root}/src` against `.dependency-cruiser.cjs`. `root` has a tsconfig.json. */
export const judgeImports = async (root: string): Promise<Architecture> => {
  const { forbidden, options } = createRequire(import.meta.url)(join(house, '.dependency-cruiser.cjs')) as { forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden']; options: ICruiseOptions };
  const before = process.cwd();
  process.chdir(root);
  try {
    const { output } = await cruise(
      ['src'],
      { ...options, baseDir: root, ruleSet: { ...(forbidden && { forbidden }) }, validate: true },
      options.enhancedResolveOptions ?? {},
      { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
    );
    const { modules, summary } = output as ICruiseResult;
    const seen = new Set(modules.map(({ source }) => source).filter((source) => /^src\/.*\.tsx?$/.test(source)));
    return {
      forbidden: summary.violations.filter(({ rule }) => rule.severity === 'error').map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      seen: seen.size,
      unseen: sourcesUnder(root).filter((source) => !seen.has(source)),
    };
  } finally {
    process.chdir(before);
  }
};

if (process.argv[1] === import.meta.filename) {
  const { forbidden, seen, unseen } = await judgeImports(house);
  for (const { rule, from, to } of forbidden) console.log(`${rule}: ${from} -> ${to}`);
  for (const source of unseen) console.log(`not seen: ${source}`);
  if (seen < floor) console.log(`only ${seen} modules were seen, at least ${floor} are expected`);
  const good = forbidden.length === 0 && unseen.length === 0 && seen >= floor;
  console.log(`${seen} modules seen, ${forbidden.length} forbidden imports`);
  process.exitCode = good ? 0 : 1;
}
