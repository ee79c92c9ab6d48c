import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { root } from '../launch/node.mjs';

/** Suites of access, whose links `INKWIRE_TEST_TRANSPORT` sends another way. */
const SUITES = ['messages', 'marker-on-sockets', 'presence', 'roles', 'token-life'].map((name) => `e2e/access/${name}.pg.test.ts`);

for (const suite of SUITES) {
  it(`[N1] [A1] ${suite} holds over HTTP`, async () => {
    const env: NodeJS.ProcessEnv = { ...process.env, INKWIRE_TEST_TRANSPORT: 'http' };
    delete env.NODE_TEST_CONTEXT;
    const run = spawn(process.execPath, ['--test', suite], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => (output += chunk));
    const [code] = await once(run, 'close');
    assert.equal(code, 0, output);
  });
}
