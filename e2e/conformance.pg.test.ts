import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PROVIDERS } from './conformance/providers.ts';
import { type FixtureServer, startInkwire, startStock } from './conformance/servers.ts';
import { GROUPS, play } from './conformance/suite.ts';

const CONTESTANTS = [
  { id: 'inkwire', start: startInkwire },
  // The control: what fails here too is a fault of the case, unless it says why.
  { id: 'stock', start: startStock },
] as const;

/** An address under which a client goes over HTTP. */
const overHttp = (url: string) => url.replace('ws:', 'http:');

/** Longest wait for what should happen, ms, and for what is known not to. */
const PATIENCE_MS = 20_000;
const KNOWN_TO_FAIL_MS = 700;

describe('conformance', { concurrency: CONTESTANTS.length }, () => {
  for (const { id, start } of CONTESTANTS) {
    describe(`[S3] ${id} does for its clients what Hocuspocus does`, () => {
      let server: FixtureServer;
      before(async () => {
        server = await start();
      });
      after(() => server.stop());

      for (const { title, by, cases } of GROUPS) {
        for (const kit of by === 'provider' ? PROVIDERS : PROVIDERS.slice(0, 1)) {
          describe(by === 'provider' ? `${title}, provider ${kit.version}` : title, () => {
            for (const one of cases.filter(({ since = 0 }) => since <= kit.major)) {
              const reason = one.knownToFail?.[id];
              const patienceMs = reason === undefined ? PATIENCE_MS : KNOWN_TO_FAIL_MS;
              const played = () => play(one, { url: server.url, token: 'write', patienceMs }, kit);
              if (reason === undefined) it(one.title, played);
              else if (id === 'inkwire' || one.knownToFail?.isRace) it(one.title, { todo: reason }, played);
              else it(`fails still: ${one.title}`, () => assert.rejects(played(), `It holds of stock after all; take out "${reason}".`));
            }
          });
        }
      }
    });
  }
});

describe('[N1] [S3] conformance over HTTP, frame by frame', () => {
  let server: FixtureServer;
  before(async () => {
    server = await startInkwire();
  });
  after(() => server.stop());

  for (const { title, cases } of GROUPS.filter(({ by }) => by === 'frames')) {
    describe(title, () => {
      for (const one of cases.filter(({ knownToFail }) => knownToFail?.inkwire === undefined)) {
        it(one.title, () => play(one, { url: overHttp(server.url), token: 'write', patienceMs: PATIENCE_MS }, PROVIDERS[0]!));
      }
    });
  }
});

describe('npm run conformance', () => {
  let server: FixtureServer;
  before(async () => {
    server = await startStock();
  });
  after(() => server.stop());

  async function conformance(...args: string[]) {
    const run = fileURLToPath(new URL('conformance/run.ts', import.meta.url));
    const child = spawn(process.execPath, [run, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { output, errors, code: await ended };
  }

  it('asks a server by its address, and ends with 0 when everything asked holds', async () => {
    const { output, errors, code } = await conformance('--url', server.url, '--only', 'read-only');
    assert.equal(code, 0, errors);
    assert.match(output, /^\| A read-only client is told so.*\| +not asked \| +not asked \|$/m);
    const asked = await conformance('--url', server.url, '--only', 'read-only', '--provider', '3', '--fixture', '--token', 'any');
    assert.equal(asked.code, 0, asked.errors);
    assert.match(asked.output, /^\| A read-only client is told so[^|]*\| +✔ \|$/m);
    assert.match(asked.output, /^3 hold, 0 fail$/m);
  });

  it('ends with 1 when something does not hold, and says what', async () => {
    const { output, code } = await conformance('--url', server.url, '--only', 'QueryAwareness');
    assert.equal(code, 1);
    assert.match(output, /^\| A QueryAwareness is answered.*✘ \|$/m);
    assert.match(output, /^- \*\*127\.0\.0\.1:\d+\*\*: A QueryAwareness .* 1 !== 2/m);
  });

  for (const [args, complaint] of [
    [['--url', 'http://127.0.0.1'], /ws:\/\/ or wss:\/\//],
    [['--url', 'ws://127.0.0.1:1'], /Nothing answers at ws:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/],
    [['--provider', '2'], /must be 3 or 4/],
    [['--save', '--provider', '3'], /leave out/],
    [['--token', 'x'], /go with --url/],
    [['--only', 'nonsense'], /No case has "nonsense"/],
    [['--nonsense'], /nonsense/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { errors, code } = await conformance(...args);
      assert.equal(code, 1);
      assert.match(errors, complaint);
      assert.equal(errors.split('\n').length, 2, errors);
    });
  }

  it('wrote docs/conformance.md of all cases there are', () => {
    const page = readFileSync(new URL('../docs/conformance.md', import.meta.url), 'utf8');
    const titles = [...page.matchAll(/^\| (\S.*?) +\| /gm)].map(([, title]) => title);
    assert.deepEqual(
      titles,
      GROUPS.flatMap(({ cases }) => cases.map(({ title }) => title)),
    );
    for (const { version } of PROVIDERS) assert.ok(page.includes(version), version);
  });
});
