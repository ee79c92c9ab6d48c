import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install } from '../launch/install.ts';
import { SetupError } from '../launch/npm.mjs';

const RUN = fileURLToPath(new URL('../bench/run.ts', import.meta.url));

describe('the bench', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwire-bench-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function bench(...args: string[]) {
    const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { output, errors, code: await ended };
  }

  it('replays a history into both servers, which take turns, and prints what it cost', { timeout: 240_000 }, async (test) => {
    try {
      await install('bench/peers');
      await install('bench/peers/y-websocket');
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      test.skip(`the peers cannot be installed: ${error.message}`);
      return;
    }
    const { output, errors, code } = await bench(
      ...['--quick', '--only', 'replay', '--edits', '2000', '--turns', '2', '--data-dir', folder],
      ...['--server', 'inkwire', '--server', 'stock-database'],
    );
    assert.equal(code, 0, errors);
    const row = (title: string) =>
      (output.split('\n').find((line) => line.startsWith(`| ${title}`)) ?? '').split('|').map((cell) => cell.trim());
    assert.deepEqual(row(' ').slice(2, 5), ['Inkwire', 'stock + database', 'Inkwire ÷ stock']);
    for (const title of ['server CPU, s', 'wall, s', 'WAL per edit, bytes', 'Postgres transactions']) {
      const [, , inkwire, stock, ratio] = row(title);
      for (const figure of [inkwire, stock, ratio]) assert.match(figure ?? '', /^[\d,.]+( \([\d,.]+–[\d,.]+\))?$/, `${title}: ${figure}`);
    }
    assert.match(row('WAL per edit, bytes')[4] ?? '', /\(.+–.+\)$/, 'the ratio is taken turn by turn');
    assert.deepEqual(row('Inkwire: WAL per edit, bytes').length, row('WAL per edit, bytes').length - 2, 'two parts of the history');
    const order = errors.split('\n').flatMap((line) => /turn (\d) of 2: (.*) …/.exec(line)?.slice(1).join(' ') ?? []);
    assert.deepEqual(order, ['1 inkwire', '1 stock-database', '2 stock-database', '2 inkwire']);
    assert.deepEqual(await readdir(folder), [], 'the data are removed');
  });

  it('says what it can measure, and refuses what it cannot', async () => {
    const { output } = await bench('--help');
    for (const word of ['--turns', '--beside', 'replay', 'cold-load', 'durable-acks', 'idle-documents', 'inkwire', 'stock']) {
      assert.ok(output.includes(word), word);
    }
    const wrong = await bench('--only', 'nonsense');
    assert.equal(wrong.code, 1);
    assert.match(wrong.errors, /no workload "nonsense"/);
  });
});
