import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { generate } from 'selfsigned';
import * as Y from 'yjs';
import { fromDebian, onPath, type Program } from '../launch/debian.ts';
import { HttpSocket } from '../web/transport/http-socket.ts';
import { Nodes } from './cluster/nodes.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

// The certificate is the test's own.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const DEPLOY = fileURLToPath(new URL('../deploy/', import.meta.url));

interface Proxy {
  readonly file: string;
  /** What it has the servers under; '' at the root of its host. */
  readonly path?: string;
  readonly program: Program | null;
  /** What of the file is this machine's. */
  readonly replace: readonly [string | RegExp, (places: Places) => string][];
  readonly args: (config: string, folder: string) => string[];
  /** What ends it; SIGTERM unless it is said. */
  readonly signal?: NodeJS.Signals;
}

/** The program, if it starts here: what was unpacked may lack a library. */
function usable(program: Program | null, argument: string): Program | null {
  if (program === null) return null;
  const { executablePath, env } = program;
  return spawnSync(executablePath, [argument], { env: { ...process.env, ...env } }).status === 0 ? program : null;
}

interface Places {
  readonly folder: string;
  readonly port: number;
  readonly nodes: readonly string[];
}

const address = (url: string) => new URL(url).host;
const servers: Proxy['replace'] = [
  ['127.0.0.1:8787', ({ nodes }) => address(nodes[0]!)],
  ['127.0.0.1:8788', ({ nodes }) => address(nodes[1]!)],
];

const BASE_PATH = '/docs';

const APACHE_PACKAGES = ['apache2-bin', 'libapr1', 'libaprutil1'];
const apache = onPath(['apache2']) ?? (await fromDebian('apache', APACHE_PACKAGES, 'usr/sbin/apache2'));

const PROXIES: readonly Proxy[] = [
  {
    file: 'nginx.conf',
    program: usable(onPath(['nginx']) ?? (await fromDebian('nginx', ['nginx'], 'usr/sbin/nginx')), '-v'),
    replace: [
      ...servers,
      ['pid /run/nginx.pid;', ({ folder }) => `pid ${folder}/nginx.pid; error_log ${folder}/error.log;`],
      [
        'http {',
        ({ folder }) =>
          `http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}`,
      ],
      ['listen 443 ssl', ({ port }) => `listen 127.0.0.1:${port} ssl`],
      ['/etc/ssl/docs.example.com/fullchain.pem', ({ folder }) => `${folder}/cert.pem`],
      ['/etc/ssl/docs.example.com/privkey.pem', ({ folder }) => `${folder}/key.pem`],
    ],
    args: (config, folder) => ['-p', folder, '-c', config, '-e', `${folder}/error.log`, '-g', 'daemon off;'],
  },
  {
    file: 'haproxy.cfg',
    program: usable(
      onPath(['haproxy']) ??
        (await fromDebian('haproxy', ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'], 'usr/sbin/haproxy')),
      '-v',
    ),
    replace: [
      ...servers,
      ['hdr Host docs.example.com', ({ port }) => `hdr Host localhost:${port}`],
      ['maxconn 20000', () => 'maxconn 1000'],
      ['bind :443', ({ port }) => `bind 127.0.0.1:${port}`],
      ['/etc/ssl/docs.example.com/all.pem', ({ folder }) => `${folder}/all.pem`],
    ],
    args: (config) => ['-f', config],
  },
  {
    file: 'Caddyfile',
    program: usable(onPath(['caddy']) ?? (await fromDebian('caddy', ['caddy'], 'usr/bin/caddy')), 'version'),
    replace: [
      ...servers,
      [
        '{$INKWIRE_NAME:docs.example.com} {',
        ({ port, folder }) =>
          `{\n\tadmin off\n\tauto_https disable_redirects\n}\n\nhttps://localhost:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem\n`,
      ],
    ],
    args: (config) => ['run', '--config', config, '--adapter', 'caddyfile'],
  },
  {
    file: 'apache.conf',
    path: BASE_PATH,
    program: usable(apache, '-v'),
    replace: [
      ...servers,
      [
        '<VirtualHost *:443>',
        ({ folder, port }) =>
          `${apacheModules()}\nServerRoot ${folder}\nPidFile ${folder}/apache.pid\nErrorLog ${folder}/apache.log\nListen 127.0.0.1:${port}\n<VirtualHost *:${port}>`,
      ],
      ['/etc/ssl/www.example.com/fullchain.pem', ({ folder }) => `${folder}/cert.pem`],
      ['/etc/ssl/www.example.com/privkey.pem', ({ folder }) => `${folder}/key.pem`],
    ],
    args: (config) => ['-X', '-f', config],
    // One process that is run by hand waits for its connections.
    signal: 'SIGKILL',
  },
];

/** What Debian's `a2enmod` would have written. */
function apacheModules(): string {
  const folder = join(dirname(apache!.executablePath), '../lib/apache2/modules');
  const names = 'mpm_event authz_core headers lbmethod_byrequests proxy proxy_balancer proxy_http slotmem_shm socache_shmcb ssl'.split(' ');
  return names.map((name) => `LoadModule ${name}_module ${folder}/mod_${name}.so`).join('\n');
}

describe('two servers behind', () => {
  let folder: string;
  let nodes: Nodes;
  const ports = new Map<string, number>();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwire-test-deploy-'));
    const certificate = await generate([{ name: 'commonName', value: 'localhost' }]);
    await writeFile(join(folder, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, 'key.pem'), certificate.private);
    await writeFile(join(folder, 'all.pem'), `${certificate.cert}\n${certificate.private}\n`);
    for (const { file } of PROXIES) ports.set(file, await freePort());
    nodes = await Nodes.start(2, 'postgres', {
      INKWIRE_ORIGINS: [...ports.values()].map((port) => `https://localhost:${port}`).join(),
      INKWIRE_TRUSTED_PROXIES: '127.0.0.1',
      INKWIRE_BASE_PATH: BASE_PATH,
    });
  });
  after(async () => {
    await nodes?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { file, path: under = '', program, replace, args, signal = 'SIGTERM' } of PROXIES) {
    it(`[N4] deploy/${file}: people write together, and go on when one of the servers is restarted`, {
      skip: program === null ? 'it is not installed, and cannot be had' : false,
    }, async (t) => {
      const places = { folder, port: ports.get(file)!, nodes: nodes.servers.map(({ url }) => url) };
      let config = await readFile(join(DEPLOY, file), 'utf8');
      for (const [what, by] of replace) {
        assert.ok(typeof what !== 'string' || config.includes(what), `${file} has no ${what}`);
        config = config.replace(what, by(places));
      }
      const path = join(folder, file);
      await writeFile(path, config);
      const { executablePath, env } = program as Program;
      const proxy: ChildProcess = spawn(executablePath, args(path, folder), {
        env: { ...process.env, HOME: folder, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [proxy.stdout, proxy.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
      const clients: WriterClient[] = [];
      const leaving: { destroy(): void }[] = [];
      t.after(async () => {
        for (const client of clients) client.close();
        for (const client of leaving) client.destroy();
        if (proxy.exitCode === null) {
          const exit = once(proxy, 'exit');
          proxy.kill(signal);
          await exit;
        }
      });
      const origin = `https://localhost:${places.port}${under}`;
      const ready = () =>
        fetch(`${origin}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until(`${file} is served`, () => {
        if (proxy.exitCode !== null) throw new Error(output);
        return ready();
      });
      for (let at = 0; at < 12; at++)
        clients.push(new WriterClient(`${origin.replace('https', 'wss')}/collab?document=${file}-${at % 3}`, `${file}-${at % 3}`));
      await Promise.all(clients.map((client) => client.synced()));
      // One whose WebSockets are refused on the way to the proxy.
      const overHttp = new HocuspocusProviderWebsocket({ url: `${origin}/collab?document=${file}-0`, WebSocketPolyfill: HttpSocket });
      const refused = new HocuspocusProvider({ websocketProvider: overHttp, name: `${file}-0`, document: new Y.Doc(), token: '' });
      refused.attach();
      leaving.push(refused, overHttp);
      const lengths = () => clients.map(({ document }) => document.getArray('words').length);
      for (const { document } of clients) document.getArray('words').push(['before']);
      await until('everybody has all', () => lengths().every((length) => length === 4));
      await until('and who comes over HTTP', () => refused.document.getArray('words').length === 4);
      await nodes.server(0).terminate();
      for (const { document } of clients) document.getArray('words').push(['while one is away']);
      await until('everybody has all', () => lengths().every((length) => length === 8));
      await Promise.all(clients.map((client) => client.allSaved()));
      await nodes.server(0).start();
      await until('it is served by both again', ready);
    });
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
