import { parseArgs } from 'node:util';
import { SetupError } from './npm.mjs';

/** What a run of the tests was asked for. */
export interface TestOptions {
  /** Parts of paths; a file with one of them is run. None: every file. */
  readonly words: readonly string[];
  /** What the titles of a case have to hold, as a regular expression on all of them joined by spaces; `null` for all cases. */
  readonly pattern: string | null;
  /** Only what needs neither a Postgres nor a browser. */
  readonly fast: boolean;
  /** The long-running files in place of the others. */
  readonly soak: boolean;
  readonly help: boolean;
}

export const TEST_HELP = `npm test                                  everything, with types, lint and format
npm test -- WORD …                        the test files with a WORD in their path
npm test -- server/access --case revoked  of these the cases with that in their title
npm test -- --fast                        what needs neither a Postgres nor a browser
npm run test:soak -- WORD …               the long-running files, *.soak.ts

  --case TEXT     part of "describe › it", the titles from the outermost to the case, as a failure shows them
  --fast          leaves out *.pg.test.ts (a Postgres) and *.browser.test.ts (a browser and a Postgres)
  --soak          runs *.soak.ts in place of *.test.ts
  --help          this text

A file runs alone, too: node server/access/claims.test.ts
`;

/** Reads what stands behind `npm test --`. Throws a `SetupError` on what it does not know. */
export function readTestOptions(args: readonly string[]): TestOptions {
  const { values, positionals } = parse(args);
  const { case: title, fast = false, soak = false, help = false } = values;
  if (fast && soak) throw new SetupError('--fast and --soak cannot go together: no long-running test is fast.');
  return { words: positionals, pattern: title === undefined ? null : patternOf(title), fast, soak, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { case: { type: 'string' }, fast: { type: 'boolean' }, soak: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    const [complaint] = (error as Error).message.split(/[.\n]/);
    throw new SetupError(`${complaint}. "npm test -- --help" tells what there is.`);
  }
}

/** Titles are full of brackets, so the text is taken as it stands; of a line on a failure also its arrows. */
function patternOf(text: string): string {
  return text.replaceAll(' › ', ' ').replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
