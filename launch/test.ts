import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { browserExecutable } from './browser.ts';
import { type CHECKS, runCheck } from './checks.ts';
import { install } from './install.ts';
import { root } from './node.mjs';
import { SetupError } from './npm.mjs';
import { type FileResult, type Limits, runTestFile } from './test-file.ts';
import { buildWeb } from './web-build.ts';

// `npm test` runs everything; `npm test -- WORD …` only the test files with a WORD in their path;
// `--soak` the long-running ones (*.soak.ts) instead.
const args = process.argv.slice(3);
const soak = args.includes('--soak');
const words = args.filter((arg) => !arg.startsWith('--'));
const limits: Limits = soak ? { test: 3_600_000, silence: 3_900_000, grace: 5_000 } : { test: 120_000, silence: 150_000, grace: 5_000 };
const FILES_AT_ONCE = 2;
const ORDER = ['document', 'protocol', 'persistence', 'server', 'web', 'launch', 'bench', 'e2e'];

const total = { passed: 0, failed: 0, skipped: 0 };

function count(result: Pick<FileResult, 'passed' | 'failed' | 'skipped'>): void {
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
}

function testFiles(): string[] {
  const ending = soak ? '.soak.ts' : '.test.ts';
  const files = ORDER.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes('node_modules'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort(),
  );
  return words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
}

async function setUp(files: readonly string[]): Promise<void> {
  await install('');
  await install('e2e');
  if (files.some((file) => file.startsWith('e2e/'))) await buildWeb();
  if (files.some((file) => file.includes('browser'))) process.stdout.write(`Browser: ${(await browserExecutable()).source}\n`);
}

async function check(name: keyof typeof CHECKS): Promise<void> {
  const clean = await runCheck(name);
  process.stdout.write(`${clean ? '✔' : '✖'} ${name}\n`);
  count({ passed: clean ? 1 : 0, failed: clean ? 0 : 1, skipped: 0 });
}

async function runAll(files: readonly string[], scratch: string): Promise<void> {
  const queue = files.entries();
  const lane = async () => {
    for (const [index, file] of queue) {
      const result = await runTestFile(file, root, join(scratch, String(index)), limits);
      count(result);
      process.stdout.write(line(result));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, lane));
}

function line({ file, passed, failed, skipped, seconds, report }: FileResult): string {
  const counts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  const head = `${failed > 0 ? '✖' : '✔'} ${file}: ${counts.join(', ')} (${seconds.toFixed(1)} s)\n`;
  return report === '' ? head : `${head}${report.replaceAll(/^/gm, '    ')}\n`;
}

const scratch = mkdtempSync(join(tmpdir(), 'inkwire-test-'));
chmodSync(scratch, 0o755);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
try {
  const files = testFiles();
  await setUp(files);
  if (words.length === 0 && !soak) {
    await check('type check');
    await check('lint and format');
  }
  await runAll(files, scratch);
  if (files.length === 0) throw new SetupError(`No test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path.`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\ninkwire: ${error.message}\n`);
  count({ passed: 0, failed: 1, skipped: 0 });
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
