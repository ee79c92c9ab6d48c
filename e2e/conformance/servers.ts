import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '../../persistence/testing.ts';
import { guest, LivePath } from '../live-path.ts';
import { fixtureExtension, tokenRules } from './fixture.ts';

/** A server that is run for the cases and follows the rules of `fixture.ts`. */
export interface FixtureServer {
  readonly id: 'inkwire' | 'stock';
  readonly title: string;
  readonly url: string;
  stop(): Promise<void>;
}

const STOCK = fileURLToPath(new URL('stock-fixture.ts', import.meta.url));

/** Stock Hocuspocus, in a process of its own. */
export async function startStock(): Promise<FixtureServer> {
  // What it prints about input it does not expect is no news here.
  const child = spawn(process.execPath, [STOCK], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`Stock Hocuspocus ended with ${code} before it listened.`)));
  });
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  return { id: 'stock', title: 'stock', url, stop };
}

const MEBIBYTE = 1024 * 1024;

/** The parts of Inkwire that edits pass, on an embedded Postgres of their own. */
export async function startInkwire(): Promise<FixtureServer> {
  const database = await testDatabase();
  const path = await LivePath.start(database.url, () => ({}), {
    maxFrameBytes: 32 * MEBIBYTE,
    heldBytesPerDocument: 32 * MEBIBYTE,
    access: {
      identify: async (token) => {
        const { refused, readOnly } = tokenRules(token);
        return guest(refused ? {} : { '*': readOnly ? 'view' : 'edit' });
      },
      isRevoked: () => false,
      onRevocation: () => () => {},
    },
  });
  path.engine.configuration.extensions.push(fixtureExtension);
  const stop = async () => {
    await path.stop();
    await database.stop();
  };
  return { id: 'inkwire', title: 'Inkwire', url: path.collab, stop };
}
