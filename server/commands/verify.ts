import { describeDatabaseFailure } from '../../persistence/database-errors.ts';
import type { Verified } from '../../persistence/verifying.ts';
import { fromEnvironment, readConfig } from '../config.ts';
import { type Command, CommandError, configOptions, givenConfig } from './command.ts';
import { withDatabase } from './database.ts';

/** A line of progress for so many documents. */
const TOLD_EVERY = 1_000;

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'compare every snapshot with its log',
  operands: [],
  options: configOptions(['databaseUrl', 'dataDir']),
  more: 'Reads every document and changes nothing, while the server runs or not. Prints a line for each that is not whole: its name and what is wrong, separated by a tab. Exit code 1 when there is one.',
  async run({ options, env, io }) {
    const config = readConfig({ ...fromEnvironment(env), ...givenConfig(options) });
    const [{ verify }, { makeSameDocument }] = await Promise.all([
      import('../../persistence/verifying.ts'),
      import('../../document/updates/same-document.ts'),
    ]);
    let verified: Verified;
    try {
      verified = await withDatabase(config, (url) =>
        verify(url, makeSameDocument, (documents) => {
          if (documents % TOLD_EVERY === 0) void io.tell(`${documents.toLocaleString('en-US')} documents`);
        }),
      );
    } catch (error) {
      const words = describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }) ?? (error as Error).message;
      throw new CommandError(`Not all was looked at: ${words} Nothing was changed. Mend the cause and run this again.`);
    }
    for (const { document, problem } of verified.findings) await io.write(`${document}\t${problem}\n`);
    const [documents, updates] = [verified.documents, verified.updates].map((number) => number.toLocaleString('en-US'));
    await io.tell(
      `${documents} documents with ${updates} updates: ${verified.findings.length === 0 ? 'all are whole' : `${verified.findings.length} are not whole`}.`,
    );
    return verified.findings.length === 0 ? 0 : 1;
  },
};
