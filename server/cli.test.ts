import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCli } from './cli.ts';
import { memoryIo } from './commands/testing.ts';
import { type Config, ConfigError } from './config.ts';
import { listening, testApp } from './http/testing.ts';
import { OPTIONS } from './options.ts';
import { version } from './version.ts';

/** Runs the command line as a shell would, with nothing in the environment but `env`. */
async function inkwire(argv: string[], env: Record<string, string> = {}, input = '') {
  const io = memoryIo(input);
  const code = await runCli(argv, env, io, () => Promise.reject(new Error('no server is started here.')));
  return { code, output: io.output(), told: io.told() };
}

describe('inkwire', () => {
  it('prints its version', async () => {
    for (const word of ['--version', 'version']) assert.deepEqual(await inkwire([word]), { code: 0, output: `${version}\n`, told: '' });
    assert.match(version, /^\d+\.\d+\.\d+/);
  });

  it('explains itself, alone and when asked', async () => {
    for (const argv of [[], ['help'], ['--help'], ['-h']]) {
      const { code, output } = await inkwire(argv);
      assert.equal(code, 0);
      for (const word of ['serve', 'migrate', 'export NAME', 'import FILE', '--version']) assert.ok(output.includes(word), word);
    }
  });

  it('explains every option of serve, with its default and its variable, in lines a terminal holds', async () => {
    for (const argv of [
      ['serve', '--help'],
      ['serve', '-h'],
      ['help', 'serve'],
    ]) {
      const { code, output } = await inkwire(argv);
      assert.equal(code, 0);
      for (const option of Object.values(OPTIONS)) {
        const flag = option.flag === null ? [] : [`--${option.flag}`];
        for (const part of [...flag, option.env, String(option.default)]) assert.ok(output.includes(part), part);
      }
      for (const line of output.split('\n')) assert.ok(line.length <= 90, line);
    }
  });

  it('shows the help of a command although an operand is missing', async () => {
    const { code, output } = await inkwire(['export', '--help']);
    assert.equal(code, 0);
    assert.match(output, /inkwire export NAME \[options\]/);
  });

  const misunderstood: [argv: string[], sentence: RegExp][] = [
    [['sevre'], /^There is no command "sevre"\. Did you mean serve\? Try "inkwire help"\.\n$/],
    [['frobnicate'], /^There is no command "frobnicate"\. Try/],
    [['--verison'], /Did you mean --version\?/],
    [['help', 'exprot'], /Did you mean export\?/],
    [['serve', '--prot', '1'], /^"serve" has no option --prot\. Did you mean --port\?/],
    [['serve', '--frobnicate'], /^"serve" has no option --frobnicate\. Try/],
    [['serve', '-x'], /^"serve" has no option -x\./],
    [['serve', '--port'], /^--port needs a value: --port N\./],
    [['serve', '--host', '--port', '1'], /^--host needs a value/],
    [['serve', '--help=yes'], /^--help takes no value\./],
    [['serve', 'extra'], /^"serve" does not know what to do with "extra"\./],
    [['export'], /^"export" needs NAME\./],
    [['export', 'a', 'b'], /"b"/],
    [['import'], /^"import" needs FILE\./],
  ];
  for (const [argv, sentence] of misunderstood) {
    it(`answers "${argv.join(' ')}" with one sentence and exit code 2`, async () => {
      const { code, output, told } = await inkwire(argv);
      assert.equal(code, 2);
      assert.equal(output, '');
      assert.match(told, sentence);
      assert.equal(told.split('\n').length, 2);
    });
  }

  const unusable: [argv: string[], env: Record<string, string>, sentence: RegExp][] = [
    [['serve', '--port', 'many'], {}, /^PORT \(--port\) must be a whole number from 0 to 65535, not "many"\.\n$/],
    [['serve'], { PORT: '70000' }, /^PORT \(--port\) must be .* not "70000"/],
    [['serve', '--log-level=loud'], {}, /^LOG_LEVEL .* must be one of trace, debug/],
    [['migrate'], { INKWIRE_MAX_BODY_BYTES: '1' }, /^INKWIRE_MAX_BODY_BYTES/],
  ];
  for (const [argv, env, sentence] of unusable) {
    it(`refuses ${argv.join(' ')} with ${JSON.stringify(env)}: exit code 2`, async () => {
      const { code, told } = await inkwire(argv, env);
      assert.equal(code, 2);
      assert.match(told, sentence);
    });
  }
});

describe('inkwire serve', () => {
  function started() {
    const io = memoryIo();
    const closed = Promise.withResolvers<void>();
    const up = Promise.withResolvers<Config>();
    const events: string[] = [];
    const code = runCli(['serve', '--port', '0'], { PORT: '1', LOG_LEVEL: 'warn' }, io, async (config) => {
      up.resolve(config);
      const close = () => {
        events.push('close');
        return closed.promise;
      };
      return { url: 'http://127.0.0.1:4321', storage: '/somewhere/.inkwire', access: 'open' as const, close };
    });
    return { io, code, events, closed, up: up.promise };
  }

  it('takes an option over the environment over the default, and says where it is', async () => {
    const { io, code, closed, up } = started();
    const config = await up;
    assert.deepEqual({ port: config.port, logLevel: config.logLevel, host: config.host }, { port: 0, logLevel: 'warn', host: '127.0.0.1' });
    io.stop();
    closed.resolve();
    assert.equal(await code, 0);
    assert.match(io.output(), /http:\/\/127\.0\.0\.1:4321\n/);
    assert.match(io.output(), /\/somewhere\/\.inkwire\n/);
    assert.match(io.output(), /this machine only/);
  });

  it('closes once on the first signal, and ends at once on the second', async () => {
    const { io, code, events, up } = started();
    await up;
    io.stop();
    io.stop();
    assert.equal(await code, 1);
    assert.deepEqual(events, ['close']);
  });

  const failures: [error: Error, code: number, sentence: RegExp][] = [
    [
      Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }),
      1,
      /Port 8787 .* taken .* Nothing was changed\. .* --port 8788/,
    ],
    [new Error('The database is away.'), 1, /could not start: The database is away\. What was saved is untouched/],
    [new ConfigError('HOST (--host) is 0.0.0.0, but …'), 2, /^HOST/],
  ];
  for (const [error, code, sentence] of failures) {
    it(`says "${error.message}" in words, exit code ${code}`, async () => {
      const io = memoryIo();
      assert.equal(await runCli(['serve'], {}, io, () => Promise.reject(error)), code);
      assert.match(io.told(), sentence);
      assert.doesNotMatch(io.told(), /\.ts:/);
    });
  }
});

describe('inkwire import and export', () => {
  let server: Awaited<ReturnType<typeof listening>>;
  let folder: string;
  let env: Record<string, string>;
  before(async () => {
    server = await listening(testApp().app);
    folder = await mkdtemp(join(tmpdir(), 'inkwire-test-cli-'));
    env = { INKWIRE_URL: `${server.url}/` };
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings a file in and out again', async () => {
    const file = join(folder, 'plan.md');
    await writeFile(file, 'hello\nworld');
    const imported = await inkwire(['import', file, '--name', 'team/plan', '--title', 'Plan'], env);
    assert.deepEqual(imported, { code: 0, output: `${server.url}/d/team%2Fplan\n`, told: '' });
    assert.deepEqual(await inkwire(['export', 'team/plan', '--format', 'md'], env), { code: 0, output: 'hello\nworld', told: '' });

    const output = join(folder, 'plan.txt');
    const exported = await inkwire(['export', 'team/plan', '--output', output, '--server', server.url]);
    assert.deepEqual(exported, { code: 0, output: '', told: `Wrote 11 bytes to ${output}.\n` });
    assert.equal(await readFile(output, 'utf8'), 'hello\nworld');
  });

  it('takes the format from the file’s extension, and an alias for a name', async () => {
    await inkwire(['import', '-', '--name', 'formats'], env, 'x');
    const output = join(folder, 'formats.html');
    await inkwire(['export', 'formats', '--output', output], env);
    assert.equal(await readFile(output, 'utf8'), '<p>x</p>');
    assert.match((await inkwire(['export', 'formats', '--format', 'JSON'], env)).output, /^\{"type":"doc"/);
  });

  it('brings ProseMirror JSON in, known by its extension or named', async () => {
    const file = join(folder, 'plan.json');
    await writeFile(file, '\uFEFF{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"from json"}]}]}');
    assert.equal((await inkwire(['import', file, '--name', 'by-ending'], env)).code, 0);
    assert.equal((await inkwire(['export', 'by-ending'], env)).output, 'from json');
    const piped = await inkwire(['import', '-', '--name', 'named', '--format', 'JSON'], env, await readFile(file, 'utf8'));
    assert.equal(piped.code, 0, piped.told);
    assert.equal((await inkwire(['export', 'named'], env)).output, 'from json');
  });

  it('takes a file for Markdown when its name says nothing, or when told so', async () => {
    for (const [name, options] of [
      ['README', []],
      ['notes.of-mine', []],
      ['notes.txt', ['--format', 'md']],
    ] as [string, string[]][]) {
      await writeFile(join(folder, name), 'words');
      assert.equal((await inkwire(['import', join(folder, name), '--name', name, ...options], env)).code, 0, name);
      assert.equal((await inkwire(['export', name], env)).output, 'words');
    }
  });

  it('says on standard error what the format could not', async () => {
    await inkwire(['import', '-', '--name', 'lossy'], env, 'lossy');
    const { output, told } = await inkwire(['export', 'lossy'], env);
    assert.equal(output, 'lossy');
    assert.match(told, /^1 thing could not be said in markdown/);
  });

  const failing: [what: string, argv: () => string[], sentence: RegExp][] = [
    ['an unknown document', () => ['export', 'none'], /There is no such document\. Nothing was changed/],
    ['an unknown format', () => ['export', 'none', '--format', 'docm'], /"docm" is not a format\. Known are markdown, html/],
    [
      'a format that cannot be imported',
      () => ['import', '-', '--format', 'docm'],
      /^"docm" cannot be imported; markdown \(md\), html, text \(txt\), docx, odt, epub, json or yjs can\./,
    ],
    ['JSON that is none', () => ['import', '-', '--format', 'json'], /^- is not JSON: /],
    ['a bad name', () => ['import', '-', '--name', '..'], /The name is "\." or "\.\."\./],
    ['a file that is not there', () => ['import', join(folder, 'none.md')], /none\.md could not be read: ENOENT.*Nothing was changed/],
    [
      'a folder it cannot write to',
      () => ['export', 'kept', '--output', join(folder, 'no', 'such', 'file.md')],
      /could not be written: ENOENT/,
    ],
    ['an address that is none', () => ['export', 'kept', '--server', 'localhost:8787'], /not the address of a server/],
  ];
  for (const [what, argv, sentence] of failing) {
    it(`says what happened to ${what}, exit code 1`, async () => {
      await inkwire(['import', '-', '--name', 'kept'], env, 'kept');
      const { code, output, told } = await inkwire(argv(), env);
      assert.equal(code, 1);
      assert.equal(output, '');
      assert.match(told, sentence);
    });
  }

  it('refuses a file that is not text', async () => {
    const file = join(folder, 'photo.md');
    await writeFile(file, new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
    const { code, told } = await inkwire(['import', file], env);
    assert.equal(code, 1);
    assert.match(told, /is not UTF-8 text/);
  });

  it('says how to start a server when none answers', async () => {
    const gone = await listening(testApp().app);
    await gone.stop();
    for (const [argv, variables] of [
      [['export', 'a', '--server', gone.url], {}],
      [['import', '-'], { INKWIRE_URL: gone.url }],
      [['export', 'a'], { PORT: String(gone.port) }],
    ] as [string[], Record<string, string>][]) {
      const { code, told } = await inkwire(argv, variables);
      assert.equal(code, 1);
      assert.match(told, new RegExp(`^No server answers at ${gone.url}.*Start one with "inkwire serve"`));
    }
  });
});

describe('docs/options.md', () => {
  it('is what "inkwire help --markdown" prints', async () => {
    const { output } = await inkwire(['help', '--markdown']);
    assert.equal(await readFile(new URL('../docs/options.md', import.meta.url), 'utf8'), output);
  });
});
