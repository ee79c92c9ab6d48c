import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserExecutable } from './browser.ts';
import { type CHECKS, runCheck } from './checks.ts';
import { watchMachine } from './cpu-time.ts';
import { install } from './install.ts';
import { root } from './node.mjs';
import { SetupError } from './npm.mjs';
import { runQuietly } from './run-quietly.ts';
import { type FileResult, type Limits, runTestFile } from './test-file.ts';
import { needsOf, testFiles } from './test-files.ts';
import { readTestOptions, TEST_HELP, type TestOptions } from './test-options.ts';
import { fileLine, outcome, slowestFiles, totalTime } from './test-summary.ts';
import { buildWeb } from './web-build.ts';

const LIMITS: Limits = { test: 120_000, silence: 150_000, grace: 5_000 };
const SOAK_LIMITS: Limits = { test: 3_600_000, silence: 3_900_000, grace: 5_000 };
/** One more than there are cores, as a test waits for much of its time; more of them need more memory than a small machine has. */
const FILES_AT_ONCE = Math.min(availableParallelism() + 1, 4);

const results: FileResult[] = [];
const failures: string[] = [];
const total = { passed: 0, failed: 0, skipped: 0 };
let checksCpuSeconds = 0;

function count(result: Pick<FileResult, 'passed' | 'failed' | 'skipped'>): void {
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
}

async function setUp(files: readonly string[]): Promise<void> {
  await install('');
  await install('e2e');
  if (files.some((file) => file.startsWith('e2e/'))) await buildWeb();
  if (files.some((file) => needsOf(file) === 'browser')) process.stdout.write(`Browser: ${(await browserExecutable()).source}\n`);
}

async function check(name: keyof typeof CHECKS): Promise<void> {
  const { clean, cpuSeconds } = await runCheck(name);
  checksCpuSeconds += cpuSeconds;
  process.stdout.write(`${clean ? '✔' : '✖'} ${name}\n`);
  if (!clean) failures.push(name);
  count({ passed: clean ? 1 : 0, failed: clean ? 0 : 1, skipped: 0 });
}

/** Makes what test files share, none of which one could change under another; they run without as well. Returns the variables that tell them. */
async function shared(files: readonly string[], scratch: string): Promise<Record<string, string>> {
  // What one process has compiled, the next one loads. A test's own temporary folder would be left full of it.
  const compiled = { NODE_COMPILE_CACHE: join(scratch, 'compiled') };
  if (files.every((file) => needsOf(file) === null)) return compiled;
  const template = join(scratch, 'cluster');
  mkdirSync(template, { mode: 0o755 });
  await runQuietly('initdb', [join(root, 'persistence/testing/make-template.ts'), template], root);
  return { ...compiled, INKWIRE_TEST_CLUSTER: template };
}

const onProgress = (line: string) => process.stdout.write(`${line}\n`);

async function runAll(files: readonly string[], { pattern, soak }: TestOptions, scratch: string): Promise<void> {
  const env = await shared(files, scratch);
  const queue = files.entries();
  const lane = async () => {
    for (const [index, file] of queue) {
      const limits = soak ? SOAK_LIMITS : LIMITS;
      const result = await runTestFile(file, { cwd: root, scratch: join(scratch, String(index)), limits, pattern, env, onProgress });
      count(result);
      if (result.failed > 0) failures.push(file);
      // Of a file in which nothing matched there is nothing to say.
      if (pattern !== null && result.passed + result.failed + result.skipped === 0) continue;
      results.push(result);
      process.stdout.write(fileLine(result));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, lane));
}

async function run(options: TestOptions): Promise<void> {
  const begun = performance.now();
  const others = watchMachine();
  const files = testFiles(options);
  const isWhole = options.words.length === 0 && options.pattern === null && !options.fast && !options.soak;
  const scratch = mkdtempSync(join(tmpdir(), 'inkwire-test-'));
  chmodSync(scratch, 0o755);
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  await setUp(files);
  if (isWhole) {
    await check('type check');
    await check('lint and format');
  }
  await runAll(files, options, scratch);
  if (options.pattern !== null && results.length === 0) throw new SetupError('No case of these files has that in its title.');
  if (results.length > 1) process.stdout.write(`\n${slowestFiles(results)}`);
  const cpuSeconds = results.reduce((sum, result) => sum + result.cpuSeconds, checksCpuSeconds);
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(totalTime({ seconds, cpuSeconds, others: others(cpuSeconds), isWhole }));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  const options = readTestOptions(process.argv.slice(3));
  if (options.help) process.stdout.write(TEST_HELP);
  else await run(options);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\ninkwire: ${error.message}\n`);
  count({ passed: 0, failed: 1, skipped: 0 });
}
if (total.passed + total.failed + total.skipped > 0) {
  process.stdout.write(outcome(total, failures));
}
process.exitCode = total.failed > 0 ? 1 : 0;
