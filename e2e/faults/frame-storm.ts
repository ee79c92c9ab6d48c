import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { signIn } from '../raw-socket.ts';
import { ServerProcess } from '../server-process.ts';
import type { Random } from './fault.ts';
import { Ledger } from './ledger.ts';
import { mutate, OVERSIZE_BYTES, readdressed } from './mutator.ts';
import { recordTraffic } from './recorded-traffic.ts';
import type { Typist } from './typist.ts';

const ATTACKED = 'attacked';
const QUIET = 'quiet';
const ATTACKERS = 4;
const PACE_MS = 10;
const EDITS_RECORDED = 400;

/**
 * Damaged frames by the thousand on sockets that come back when they are closed, while one honest pair
 * types in the document under attack and another beside it. None of the four loses its socket or an
 * edit, and everybody shows the same in the end.
 */
export async function storm(t: TestContext, frames: number, random: Random): Promise<void> {
  const server = await ServerProcess.start({ INKWIRE_MAX_FRAME_BYTES: String(OVERSIZE_BYTES - 1) });
  t.after(async () => {
    if (!server.running) t.diagnostic(`The server died:\n${server.output.slice(-2_000)}`);
    await server.dispose();
  });
  const { pid } = server;
  const ledger = new Ledger(t);
  const honest: Typist[] = [];
  for (const [at, document] of [ATTACKED, ATTACKED, QUIET, QUIET].entries()) honest.push(await ledger.hire(server, document, `h${at}`));
  const closes: string[] = [];
  for (const { id, client } of honest)
    client.socket.on('close', ({ event }: { event: { code: number } }) => closes.push(`${id}: ${event.code}`));
  const recorded = (await recordTraffic(server, 'recorded', EDITS_RECORDED, random)).map((frame) => readdressed(frame, ATTACKED));

  for (const typist of honest) typist.start(PACE_MS);
  const attackers = Array.from({ length: ATTACKERS }, () => new Attacker(server.collab));
  t.after(() => attackers.map((attacker) => attacker.close()));
  const sent = await Promise.all(attackers.map((attacker) => attacker.send(frames / ATTACKERS, () => mutate(recorded, random))));
  t.diagnostic(`${sent.reduce((sum, one) => sum + one)} frames over ${attackers.reduce((sum, { sockets }) => sum + sockets, 0)} sockets`);
  for (const attacker of attackers) attacker.close();

  for (const typist of honest) typist.stop();
  for (const { client } of honest) await client.allSaved();
  assert.deepEqual(closes, [], 'no honest client lost its socket');
  assert.equal(server.pid, pid, 'the server lives');
  assert.ok(server.running, server.output.slice(-2_000));
  await ledger.check({ server, onlyWords: true });
}

/** Sends whatever it is given to the document, on a new socket whenever the server has closed the last. */
class Attacker {
  readonly #collab: string;
  #socket: WebSocket | null = null;
  sockets = 0;

  constructor(collab: string) {
    this.#collab = collab;
  }

  /** Resolves with how many frames went out, at least as many as asked for. */
  async send(count: number, next: () => Uint8Array[]): Promise<number> {
    let sent = 0;
    while (sent < count) {
      const socket = await this.#open();
      for (let burst = 0; burst < 4; burst++) {
        for (const frame of next()) {
          socket.send(frame);
          sent++;
        }
      }
      await answered(socket);
    }
    return sent;
  }

  close(): void {
    this.#socket?.terminate();
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const socket = new WebSocket(this.#collab);
    this.#socket = socket;
    this.sockets++;
    socket.on('error', () => {});
    // What it is told is not looked at, but must be read.
    socket.on('message', () => {});
    await once(socket, 'open');
    socket.send(signIn(ATTACKED));
    return socket;
  }
}

/** Resolves when the server has read everything, or closed the socket. */
function answered(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('pong', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('pong', done);
    socket.on('close', done);
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    else if (socket.readyState === WebSocket.CLOSED) done();
  });
}
