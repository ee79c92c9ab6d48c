import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '../../persistence/testing.ts';
import { createApp } from '../../server/app.ts';
import { entryRules, fixtureExtension } from './fixture.ts';

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

/** Inkwire, whose rules come in by the same door as any extension: every answer is its own. */
export async function startInkwire(): Promise<FixtureServer> {
  const database = await testDatabase();
  const app = await createApp({
    ...{ databaseUrl: database.url, port: 0, secret: '', jwksUrl: '', logLevel: 'silent' },
    extensions: [entryRules, fixtureExtension],
  });
  const stop = async () => {
    await app.close();
    await database.stop();
  };
  return { id: 'inkwire', title: 'Inkwire', url: `${app.url.replace('http', 'ws')}/collab`, stop };
}
