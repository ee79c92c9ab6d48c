import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('npm start', () => {
  let dataDir: string;
  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'inkwire-start-'));
  });
  after(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

  it('[D7] says where it is, and a Ctrl+C in its terminal stops it in order', async () => {
    const server = spawn('npm', ['start', '--', '--port', '0', '--data-dir', dataDir], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      // A process group of its own, as a terminal gives it.
      detached: true,
    });
    let printed = '';
    const ended = once(server, 'close');
    try {
      await new Promise<void>((resolve, reject) => {
        server.stdout.on('data', (chunk) => {
          printed += chunk;
          if (printed.includes('Ctrl+C')) resolve();
        });
        ended.then(() => reject(new Error(`it ended before it listened:\n${printed}`)));
      });
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? assert.fail(printed);
      assert.ok(printed.includes(dataDir), printed);
      assert.match(printed, /to this machine only/);
      assert.equal((await fetch(`${url}/readyz`)).status, 200);
      // The terminal signals the whole group, and npm hands its own signal on: the server gets two.
      process.kill(-server.pid!, 'SIGINT');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      killGroup(server.pid!);
    }
  });
});

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}
