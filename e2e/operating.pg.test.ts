import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { connect } from '../persistence/connection.ts';
import { userForPostgres } from '../persistence/embedded/run-as.ts';
import { startPostgres } from '../persistence/testing/system-postgres.ts';
import { RawSocket } from './raw-socket.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

const LAUNCHER = fileURLToPath(new URL('../launch/inkwire.mjs', import.meta.url));

/** Runs the command as the package's `inkwire` does, to its end. */
async function inkwire(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const [output, told, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, output, told };
}

interface Line {
  readonly level: number;
  readonly time: unknown;
  readonly msg: string;
  readonly part?: string;
  readonly route?: string;
  readonly connection?: number;
  readonly error?: string;
}

const WARN = 40;

/** A socket that does not sign in is closed while the test does something else. */
const HURRIED = { INKWIRE_AUTHENTICATION_TIMEOUT_MS: '3000' };

/** The log among what a server printed. */
function linesOf(output: string): Line[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

describe('whoever runs a server with an embedded Postgres', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start({ DATABASE_URL: '', LOG_LEVEL: 'info' });
  });
  after(() => server.dispose());

  it('reads nothing of a normal start but where it is', async () => {
    assert.deepEqual(linesOf(server.output), []);
  });

  it('reaches its database by the address that psql-url prints', async () => {
    const env = { DATABASE_URL: '', INKWIRE_DATA_DIR: server.dataDir };
    const { code, output, told } = await inkwire(['psql-url'], env);
    assert.deepEqual({ code, told }, { code: 0, told: '' });
    const sql = connect(output.trim(), 1);
    const documents = await sql`select name from inkwire.documents`;
    await sql.end();
    assert.equal(documents.length, 1);
    await server.terminate();
    const none = await inkwire(['psql-url'], env);
    assert.deepEqual({ code: none.code, output: none.output }, { code: 1, output: '' });
    assert.match(none.told, /^No server has an embedded Postgres running on /);
    await server.start();
  });

  it('is told that Postgres has ended', async () => {
    const pid = Number((await readFile(join(server.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await until('the end is told of', () =>
      linesOf(server.output).some(({ level, msg }) => level === WARN && /^Postgres ended .*; starting it again$/.test(msg)),
    );
  });

  it('[A5] reads with debug the life of Postgres, migrations, requests and connections, and no secret', async (t) => {
    const secret = 'a-secret-of-thirty-two-bytes-or-more';
    const talkative = await ServerProcess.start({ DATABASE_URL: '', LOG_LEVEL: 'debug', INKWIRE_SECRET: secret, ...HURRIED });
    t.after(() => talkative.dispose());
    const late = await RawSocket.open(talkative.collab);
    await fetch(`${talkative.url}/api/documents`);
    const has = (fits: (line: Line) => boolean) => () => linesOf(talkative.output).some(fits);
    await until(
      'Postgres is told of',
      has(({ part, msg }) => part === 'postgres' && msg.includes('ready to accept connections')),
    );
    await until(
      'migrations are told of',
      has(({ msg }) => msg.startsWith('applied the migration 0001-')),
    );
    await until(
      'requests are told of',
      has(({ route }) => route === '/api/documents'),
    );
    const token = await new SignJWT({ name: 'Ada', access: { '*': 'edit' } })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
    const ada = await RawSocket.into(talkative.collab, 'notes', token);
    await until(
      'who joins is told of',
      has(({ msg }) => msg === 'joined'),
    );
    ada.close();
    assert.equal(await late.closeCode(), 4401);
    const livesOf = () => [1, 2].map((id) => linesOf(talkative.output).filter(({ connection }) => connection === id));
    await until('the ends of connections are told of', () => livesOf().every((life) => life.at(-1)?.msg === 'closed'));
    const [lates, adas] = livesOf().map((life) => life.map(({ level, time, connection, ...fields }) => fields));
    assert.deepEqual(lates, [
      { msg: 'opened', address: '127.0.0.1' },
      { msg: 'closed', by: 'server', code: 4401, reason: 'A token is needed.' },
    ]);
    assert.deepEqual(adas, [
      { msg: 'opened', address: '127.0.0.1' },
      { msg: 'joined', document: 'notes', sub: 'ada' },
      { msg: 'left', document: 'notes' },
      { msg: 'closed', by: 'network', code: 1006, reason: null },
    ]);
    assert.ok(!talkative.output.includes(token));
    const password = (await readFile(join(talkative.dataDir, 'postgres-password'), 'utf8')).trim();
    assert.ok(!talkative.output.includes(password) && !talkative.output.includes(secret));
  });
});

describe('whoever runs a server on a Postgres of their own', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwire-test-tls-'));
    postgres = await startPostgres({ fsync: 'off', ...(await selfSigned(folder)) });
  });
  after(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  it('[D14] is warned at the start when it may lose what it committed', async (t) => {
    const server = await ServerProcess.start({ DATABASE_URL: postgres.url });
    t.after(() => server.dispose());
    const warnings = linesOf(server.output).filter(({ level }) => level >= WARN);
    assert.equal(warnings.length, 1, server.output);
    assert.match(warnings[0]!.msg, /^fsync is off in this Postgres: .* Set fsync = on and reload Postgres\.$/);
  });

  const refused: [what: string, change: { pathname?: string; search?: string }, told: RegExp][] = [
    [
      'a database that does not exist',
      { pathname: '/nowhere' },
      /^Inkwire could not start: Postgres says: database "nowhere" does not exist\. Create it .* What was saved is untouched\.\n$/,
    ],
    [
      'a certificate that is not trusted',
      { search: '?sslmode=verify-full' },
      /^Inkwire could not start: The database cannot be reached: .*certificate.*\. Name the authority .*NODE_EXTRA_CA_CERTS.* untouched\.\n$/,
    ],
  ];
  for (const [what, change, sentence] of refused) {
    it(`[A5] reads of ${what} what was said and what to do, without a stack or the password`, async () => {
      const url = Object.assign(new URL(postgres.url), { password: 'hunter2-of-our-own', ...change });
      const { code, output, told } = await inkwire(['serve'], { DATABASE_URL: url.href, PORT: '0' });
      assert.deepEqual({ code, output }, { code: 1, output: '' });
      assert.match(told, sentence);
      assert.doesNotMatch(told, /hunter2|\.ts:\d|^\s+at /m);
    });
  }
});

/** Settings of a Postgres whose certificate nobody has signed; its files are made in `folder`. */
async function selfSigned(folder: string): Promise<Record<string, string>> {
  await chmod(folder, 0o755);
  const pair = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' });
  const files = { ssl_cert_file: join(folder, 'cert.pem'), ssl_key_file: join(folder, 'key.pem') };
  await writeFile(files.ssl_cert_file, pair.cert);
  await writeFile(files.ssl_key_file, pair.private, { mode: 0o600 });
  const user = await userForPostgres(folder);
  if (user !== null) await chown(files.ssl_key_file, user.uid, user.gid);
  return { ssl: 'on', ...files };
}
