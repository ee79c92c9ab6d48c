import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ServerProcess } from './server-process.ts';

/** A command of the page, and what it says is printed. */
interface Example {
  readonly command: string;
  readonly output: string | null;
}

function examples(markdown: string): Example[] {
  const fences = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text! }));
  return fences.flatMap(({ kind, text }, index) => {
    const next = fences[index + 1];
    return kind === 'sh' ? [{ command: text, output: next?.kind === 'text' ? next.text : null }] : [];
  });
}

const withoutCurl = spawnSync('curl', ['--version']).error === undefined ? false : 'there is no curl here';

describe('docs/api.md', { skip: withoutCurl }, () => {
  it('holds commands that do what it says, in order', async (t) => {
    const server = await ServerProcess.start();
    t.after(() => server.dispose());
    const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-page-'));
    t.after(() => rm(folder, { recursive: true, force: true }));

    const page = await readFile(new URL('../docs/api.md', import.meta.url), 'utf8');
    const found = examples(page);
    assert.ok(found.length >= 8);
    for (const { command, output } of found) {
      const script = `set -e\ncurl() { command curl -sS --fail-with-body "$@"; }\n${command.replaceAll('http://127.0.0.1:8787', server.url)}`;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
      if (output !== null) assert.equal(stdout.trim(), output.trim());
      if (command.includes('changed meanwhile')) assert.match(stdout, /version-mismatch[\s\S]*changed meanwhile/);
    }
  });
});
