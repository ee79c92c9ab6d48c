import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../launch/node.mjs';
import { version as inkwireVersion } from '../../server/version.ts';
import { RawSocket } from '../raw-socket.ts';
import type { Answer, Candidate } from './answer.ts';
import { type ConformanceOptions, HELP, OptionError, readOptions } from './options.ts';
import { conformancePage } from './page.ts';
import { PROVIDERS, packageVersion } from './providers.ts';
import { startInkwire, startStock } from './servers.ts';
import { ask, GROUPS, groupsAbout } from './suite.ts';
import { caseTables, failureList, tally } from './tables.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await conformance(options);
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  say(`inkwire: ${error.message}`);
  process.exitCode = 1;
}

async function conformance(options: ConformanceOptions): Promise<void> {
  const kits = PROVIDERS.filter(({ major }) => options.provider === null || options.provider === major);
  const groups = options.only === '' ? GROUPS : groupsAbout(options.only);
  if (groups.length === 0) throw new OptionError(`No case has "${options.only}" in its title.`);
  const askAll = (candidate: Candidate) => ask(candidate, groups, kits, (what) => say(`${candidate.title}: ${what} …`));
  const answers = options.url === '' ? await askOurs(askAll) : await askAll(await strangerAt(options));
  const failures = failureList(answers, true);
  process.stdout.write(`${caseTables(groups, answers)}\n\n${failures === '' ? '' : `${failures}\n\n`}${tally(answers)}\n`);
  if (answers.some(({ outcome }) => outcome.kind === 'fails' && outcome.known === null)) process.exitCode = 1;
  if (options.save) {
    const versions = {
      inkwire: inkwireVersion,
      stock: packageVersion('@hocuspocus/server'),
      providers: kits.map(({ version }) => version),
    };
    writeFileSync(join(root, 'docs', 'conformance.md'), conformancePage(groups, answers, versions));
    say('Saved as docs/conformance.md.');
  }
}

/** Starts Inkwire and stock Hocuspocus in turn and asks each. */
async function askOurs(askAll: (candidate: Candidate) => Promise<Answer[]>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const start of [startInkwire, startStock]) {
    const server = await start();
    try {
      answers.push(...(await askAll({ ...server, token: 'write', isFixture: true })));
    } finally {
      await server.stop();
    }
  }
  return answers;
}

async function strangerAt({ url, token, fixture }: ConformanceOptions): Promise<Candidate> {
  try {
    (await RawSocket.open(url)).close();
  } catch (error) {
    throw new OptionError(`Nothing answers at ${url}: ${(error as Error).message}`);
  }
  return { id: null, title: new URL(url).host, url, token, isFixture: fixture };
}
