import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { install } from '../launch/install.ts';
import { root } from '../launch/node.mjs';
import { SetupError } from '../launch/npm.mjs';
import { contest } from './contest.ts';
import { BenchPostgres } from './database/bench-postgres.ts';
import { readPaper } from './generator/paper.ts';
import { describeMachine } from './machine.ts';
import { nodesOutcomes, nodesTable } from './nodes/nodes.ts';
import { type BenchOptions, helpText, OptionError, readOptions } from './options.ts';
import { comparison, type Measured, noise, turnByTurn } from './report/comparison.ts';
import { benchmarksPage } from './report/page.ts';
import { RATIOS } from './report/ratios.ts';
import { besideAt } from './servers/beside.ts';
import { CONTESTANTS } from './servers/contestants.ts';
import { shareCores } from './servers/cores.ts';
import { WORKLOADS } from './workloads/workloads.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

try {
  const options = readOptions(
    process.argv.slice(2),
    WORKLOADS.map(({ id }) => id),
    CONTESTANTS.map(({ id }) => id),
  );
  if (options.help) process.stdout.write(helpText(WORKLOADS, CONTESTANTS));
  else await bench(options);
} catch (error) {
  if (!(error instanceof OptionError || error instanceof SetupError)) throw error;
  say(`inkwire: ${error.message}`);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  await install('bench/peers');
  await install('bench/peers/y-websocket');
  const { only, quick, servers, beside, turns, starts } = options;
  const begun = performance.now();
  const workloads = WORKLOADS.filter(({ id, long }) => (only.length === 0 ? !(quick && long) : only.includes(id)));
  const isNamed = servers.length > 0;
  const contestants = [
    ...CONTESTANTS.filter(({ id }) => !isNamed || servers.includes(id)),
    ...(beside === '' ? [] : [await besideAt(beside)]),
  ];
  const dataDir = makeDataDir(options.dataDir);
  const cores = shareCores();
  // Before this process is kept to one core: what it starts would inherit that.
  const postgres = await BenchPostgres.start(dataDir);
  try {
    if (options.nodes) {
      const outcomes = await nodesOutcomes(postgres, quick ? 8 : 20, say);
      process.stdout.write(`\n${nodesTable(outcomes)}\n`);
      return;
    }
    cores.keepGenerator();
    const paper = await readPaper(options.edits);
    const machine = describeMachine(await postgres.version(), await postgres.commitMilliseconds(), cores.pinned);
    const profileDir = options.profileDir === '' ? null : resolve(options.profileDir);
    const setting = { postgres, paper, cores, quick, fewServers: quick && !isNamed, turns, starts, profileDir, say };
    const measured: Measured[] = [];
    for (const workload of workloads) measured.push(await contest(workload, contestants, setting));

    const columns = contestants.filter(({ id }) => measured.some(({ outcomes }) => outcomes.has(id)));
    const results = {
      comparison: comparison(measured, columns, RATIOS),
      turnByTurn: turnByTurn(measured, columns),
      noise: noise(measured, RATIOS),
    };
    process.stdout.write(
      `\n${[...machine, `${paper.count.toLocaleString('en-US')} edits of automerge-paper`, '', results.comparison, '', results.turnByTurn, '', results.noise].join('\n')}\n`,
    );
    say(`It took ${Math.round((performance.now() - begun) / 1_000)} s.`);
    if (options.save) {
      const file = join(root, 'docs', 'benchmarks.md');
      const date = new Date().toISOString().slice(0, 10);
      writeFileSync(file, benchmarksPage({ ...results, machine, date, starts, edits: paper.count, workloads }));
      say('Saved as docs/benchmarks.md.');
    }
  } finally {
    await postgres.stop();
  }
}

/** On the disk the project lies on, as its data would; a folder for temporary files may be memory only. */
function makeDataDir(wanted: string): string {
  const parent = wanted === '' ? join(root, '.cache') : resolve(wanted);
  mkdirSync(parent, { recursive: true });
  const dataDir = mkdtempSync(join(parent, 'bench-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return dataDir;
}
