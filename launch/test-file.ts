import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CPU_TIME_FD, cpuSeconds, withCpuTime } from './cpu-time.ts';
import { killProcesses, leftProcesses } from './leftovers.ts';
import type { Failure, Tally } from './test-tally.ts';

/** Milliseconds. */
export interface Limits {
  /** Longest time of one test that names no limit of its own. */
  readonly test: number;
  /** Longest time without a word from the file before it counts as hung and is killed. */
  readonly silence: number;
  /** How long what a file started may outlive it. */
  readonly grace: number;
}

/** How a test file is run. */
export interface FileRun {
  /** The folder it is run in. */
  readonly cwd: string;
  /** A folder for it alone, made and removed here. */
  readonly scratch: string;
  readonly limits: Limits;
  /** A regular expression that the titles of a case, joined by spaces, have to match; `null` for all cases. */
  readonly pattern: string | null;
  /** Variables it gets beside this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Hears each line that begins with "…" as the file prints it: what a long one says of how far it is. */
  readonly onProgress?: (line: string) => void;
}

export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** From start to end, on the clock. */
  readonly seconds: number;
  /** Of its process and of all that it started and waited for; 0 of one that was killed. */
  readonly cpuSeconds: number;
  /** What a person needs to read when something failed. */
  readonly report: string;
}

const reporter = fileURLToPath(new URL('./test-tally.ts', import.meta.url));

/**
 * Runs one test file in a process, session and temporary folder of its own. Beside a failed test it
 * counts as one failure each: no test at all (unless a pattern was given, which may match none of
 * them), an early end, a hang, a process or a file left behind.
 */
export async function runTestFile(file: string, how: FileRun): Promise<FileResult> {
  const { scratch, limits } = how;
  const begun = performance.now();
  const temporary = join(scratch, 't');
  mkdirSync(temporary, { recursive: true });
  // Embedded Postgres, started by root, runs as another user and must get through to its data.
  for (const folder of [scratch, temporary]) chmodSync(folder, 0o755);
  const tallyFile = join(scratch, 'tally.json');
  const { code, output, hung, session, cpu } = await run(file, how, temporary, tallyFile);

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

  const { passed, skipped, failures } = tally;
  const failed = tally.failed + troubles.length;
  const report = [ownOutput(output, tally.whole), ...failures.map(inFull), ...troubles.map((trouble) => `✖ ${trouble}`)];
  const seconds = (performance.now() - begun) / 1000;
  return { file, passed, failed, skipped, seconds, cpuSeconds: cpu, report: failed === 0 ? '' : report.filter(Boolean).join('\n') };
}

/** What the file printed itself. The reporter's lines on failures stay where no tally tells of them. */
function ownOutput(output: string, isTallied: boolean): string {
  const [before = ''] = isTallied ? output.split(/^✖ failing tests:$/m) : [output];
  const isReporters = isTallied ? /^\s*[✔✖ℹ▶﹣⚠]/ : /^\s*[✔ℹ▶]/;
  return before
    .split('\n')
    .filter((line) => !isReporters.test(line))
    .join('\n')
    .trim();
}

function inFull({ title, place, error, told }: Failure): string {
  return [`✖ ${title}`, ...[place, ...told, error].filter(Boolean).map((text) => text.replaceAll(/^/gm, '    '))].join('\n');
}

const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, failures: [], whole: false };

function parseTally(text: string): Tally {
  return text === '' ? NOTHING : JSON.parse(text);
}

async function run(file: string, { cwd, limits, pattern, env: more, onProgress }: FileRun, temporary: string, tallyFile: string) {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = { ...inherited, ...more, TMPDIR: temporary, NO_COLOR: '1' };
  const { command, args } = withCpuTime(process.execPath, [
    `--test-timeout=${limits.test}`,
    ...(pattern === null ? [] : [`--test-name-pattern=${pattern}`]),
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${tallyFile}`],
    file,
  ]);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
  const told = cpuSeconds(child.stdio[CPU_TIME_FD] as Readable);
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
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => line.startsWith('…') && onProgress?.(line));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearTimeout(silence);
  process.off('exit', killToo);
  return { code, output, hung, session, cpu: await told };
}
