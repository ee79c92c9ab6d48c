import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

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

/** Runs the examples of a part of the page one after another; what each printed. */
async function run(t: TestContext, found: readonly Example[], env: Record<string, string>): Promise<string[]> {
  const server = await ServerProcess.start(env);
  t.after(() => server.dispose());
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-page-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const printed: string[] = [];
  for (const { command, output } of found) {
    const script = [
      'set -e',
      'curl() { command curl -sS --fail-with-body "$@"; }',
      `inkwire() { "${process.execPath}" "${MAIN}" "$@"; }`,
      command.replaceAll('http://127.0.0.1:8787', server.url),
    ].join('\n');
    // What the page's first command of its kind printed is what the reader goes on with.
    const token = printed.find((text) => text.startsWith('ey'))?.trim() ?? '';
    const shell = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env, INKWIRE_TOKEN: token } } as const;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], shell);
    assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
    if (output !== null) assert.equal(stdout.trim(), output.trim());
    printed.push(stdout);
  }
  return printed;
}

describe('docs/api.md', { skip: withoutCurl }, async () => {
  const page = await readFile(new URL('../docs/api.md', import.meta.url), 'utf8');
  const access = /^## Access$[\s\S]*?(?=^## )/m.exec(page)?.[0] ?? '';

  it('holds commands that do what it says, in order', async (t) => {
    const found = examples(page.replace(access, ''));
    assert.ok(found.length >= 8);
    const printed = await run(t, found, {});
    const guarded = found.findIndex(({ command }) => command.includes('changed meanwhile'));
    assert.match(printed[guarded]!, /version-mismatch[\s\S]*changed meanwhile/);
  });

  it('tells how to come in and let others in', async (t) => {
    const found = examples(access);
    assert.ok(found.length >= 6);
    const printed = await run(t, found, { INKWIRE_SECRET: randomBytes(32).toString('base64url') });
    assert.match(printed.join(''), /"sub":"ada"[\s\S]*"tokenId"[\s\S]*#share=[\s\S]*"shareLinks":\[\{/);
  });
});
