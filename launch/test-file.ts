import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killProcesses, leftProcesses } from './leftovers.ts';
import type { Tally } from './test-tally.ts';

/** Milliseconds. */
export interface Limits {
  /** Longest time of one test that names no limit of its own. */
  readonly test: number;
  /** Longest time without a word from the file before it counts as hung and is killed. */
  readonly silence: number;
  /** How long what a file started may outlive it. */
  readonly grace: number;
}

export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What a person needs to read when something failed. */
  readonly report: string;
}

const reporter = fileURLToPath(new URL('./test-tally.ts', import.meta.url));

/**
 * Runs one test file in a process, session and temporary folder of its own (`scratch`, made and
 * removed here). Beside a failed test it counts as one failure each: no test at all, an early end,
 * a hang, a process or a file left behind.
 */
export async function runTestFile(file: string, cwd: string, scratch: string, limits: Limits): Promise<FileResult> {
  const begun = performance.now();
  const temporary = join(scratch, 't');
  mkdirSync(temporary, { recursive: true });
  // Embedded Postgres, started by root, runs as another user and must get through to its data.
  for (const folder of [scratch, temporary]) chmodSync(folder, 0o755);
  const tallyFile = join(scratch, 'tally.json');
  const { code, output, hung, session } = await run(file, cwd, temporary, tallyFile, limits);

  const left = await leftProcesses(session, temporary, hung ? 0 : limits.grace);
  killProcesses(session, temporary);
  await leftProcesses(session, temporary, limits.grace);
  const tally = existsSync(tallyFile) ? parseTally(readFileSync(tallyFile, 'utf8')) : NOTHING;
  const troubles = hung
    ? [`hung: nothing was heard of it for ${limits.silence / 1000} s (a socket or timer left open?), so it was killed`]
    : [
        ...left.map(({ pid, command }) => `left a process behind: ${pid} ${command.slice(0, 200)}`),
        ...readdirSync(temporary).map((name) => `left a file behind in the temporary folder: ${name}`),
        ...(tally.whole ? [] : [`holds no test, or ended before its last one, with exit code ${code}`]),
        ...(tally.whole && tally.failed === 0 && code !== 0 ? [`ended with exit code ${code}, though no test failed`] : []),
      ];
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });

  const failed = tally.failed + troubles.length;
  const report = failed === 0 ? '' : [withoutPasses(output), ...troubles.map((trouble) => `✖ ${trouble}`)].join('\n');
  return { ...tally, file, failed, seconds: (performance.now() - begun) / 1000, report };
}

/** What the file printed, without the lines on what passed and the counts. */
function withoutPasses(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/^\s*[✔ℹ▶]/.test(line))
    .join('\n')
    .trim();
}

const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, whole: false };

function parseTally(text: string): Tally {
  return text === '' ? NOTHING : JSON.parse(text);
}

async function run(file: string, cwd: string, temporary: string, tallyFile: string, limits: Limits) {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  // Vite would leave its compile cache in the temporary folder.
  const env = { ...inherited, TMPDIR: temporary, NO_COLOR: '1', NODE_DISABLE_COMPILE_CACHE: '1' };
  const child = spawn(
    process.execPath,
    [
      `--test-timeout=${limits.test}`,
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${tallyFile}`],
      file,
    ],
    { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  await once(child, 'spawn');
  const session = child.pid as number;
  // It has a session of its own, so a Ctrl-C in the terminal does not reach it.
  const killToo = () => killProcesses(session, temporary);
  process.once('exit', killToo);
  let output = '';
  let hung = false;
  const hang = () => {
    hung = true;
    killToo();
  };
  let silence = setTimeout(hang, limits.silence);
  const hear = (chunk: Buffer) => {
    output += chunk;
    clearTimeout(silence);
    silence = setTimeout(hang, limits.silence);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearTimeout(silence);
  process.off('exit', killToo);
  return { code, output, hung, session };
}
