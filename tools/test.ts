import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const output = mkdtempSync(join(tmpdir(), 'lamplight-gates-'));
const report = join(output, 'vitest.json');

/** One thing that must hold. Each is a process of its own: none can lean on what another left behind. */
interface Gate {
  readonly name: string;
  /** A script and its arguments, run by this Node. */
  readonly run: readonly string[];
  /** Shows what it says while it runs. */
  readonly aloud?: boolean;
}

const bin = (file: string): string => join('node_modules', file);

/** Gates that need no database and no built web ends, two at a time. */
const still: readonly Gate[] = [
  { name: 'types', run: [bin('@typescript/native/bin/tsc'), '--project', '.'] },
  { name: 'lint', run: [bin('oxlint/bin/oxlint'), '--quiet'] },
  { name: 'architecture', run: ['tools/architecture.ts'] },
  { name: 'nothing unused', run: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'schema', run: ['tools/schema.ts', '--check'] },
  { name: 'web ends', run: ['tools/web.ts'] },
];

/** Words after `npm test --` choose test files, as they do with vitest; the gates run all the same. */
const tests: Gate = {
  name: 'tests', aloud: true,
  run: [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
};

const running = new Set<ChildProcess>();
let stopped = false;

const stop = (): void => {
  stopped = true;
  for (const child of running) child.kill('SIGTERM');
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);

const run = (gate: Gate): Promise<{ readonly good: boolean; readonly said: string; readonly seconds: number }> =>
  new Promise((done) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...gate.run], {
      cwd: root, stdio: ['ignore', gate.aloud ? 'inherit' : 'pipe', gate.aloud ? 'inherit' : 'pipe'],
    });
    running.add(child);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stderr?.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.on('error', (error) => { said += `${error.message}\n`; });
    child.on('close', (code) => {
      running.delete(child);
      done({ good: code === 0, said, seconds: (performance.now() - started) / 1000 });
    });
  });

let passed = 0;
let failed = 0;

const tell = (gate: Gate, good: boolean, seconds: number): void =>
  console.log(`${good ? 'ok  ' : 'FAIL'} ${gate.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);

/** Two cores: two gates at a time keep both busy without making each other slow. */
const lane = async (gates: Gate[]): Promise<void> => {
  for (let gate = gates.shift(); gate && !stopped; gate = gates.shift()) {
    const { good, said, seconds } = await run(gate);
    tell(gate, good, seconds);
    if (good) passed++;
    else {
      failed++;
      console.log(said.trimEnd().split('\n').slice(-80).map((line) => `     ${line}`).join('\n'));
    }
  }
};

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

/** A file that could not even be loaded has no failed test and counts as one. */
const count = (good: boolean): void => {
  const before = failed;
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    passed += numPassedTests;
    failed += numFailedTests + testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')).length;
  }
  if (!good && failed === before) failed++;
};

const gates = [...still];
await Promise.all([lane(gates), lane(gates)]);
if (!stopped) {
  const { good, seconds } = await run(tests);
  count(good);
  tell(tests, good, seconds);
}
rmSync(output, { recursive: true, force: true });
if (stopped) failed++;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
