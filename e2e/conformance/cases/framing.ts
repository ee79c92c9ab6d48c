import assert from 'node:assert/strict';
import * as encoding from 'lib0/encoding';
import { FrameType } from '../../../protocol/frames.ts';
import { frame, signIn } from '../../raw-socket.ts';
import type { Case, CaseGroup } from '../case.ts';
import type { Scene } from '../scene.ts';
import { closePayload, Opcode, type WireFrame, wireFrame } from '../wire.ts';

const { Continuation, Text, Binary, Close, Ping, Pong } = Opcode;

/** A case of a connection that is open: what is sent, and what comes of it. */
const on = (title: string, run: (wire: Awaited<ReturnType<Scene['wire']>>, scene: Scene) => Promise<void>): Case => ({
  title,
  run: async (scene) => run(await scene.wire(), scene),
});

/** A case of frames that break the standard, each on a connection of its own. */
const refused = (title: string, code: number, sequences: readonly (readonly WireFrame[])[]): Case => ({
  title,
  async run(scene) {
    for (const [at, frames] of sequences.entries()) {
      const wire = await scene.wire();
      wire.send(...frames);
      assert.equal(await wire.closeCode(), code, `sequence ${at}`);
    }
  },
});

/** A message without an answer, of any length. */
const stateless = (scene: Scene, length: number) =>
  frame(scene.name, FrameType.Stateless, (encoder) => encoding.writeVarString(encoder, 'x'.repeat(length)));

const text = (words: string) => new TextEncoder().encode(words);

/** "κόσμε" with its last letter cut in two, an overlong slash, half a surrogate pair, a byte that is none. */
const NOT_UTF8 = [
  [0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xcf, 0x83, 0xce, 0xbc, 0xce],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0x68, 0xff, 0x69],
].map((bytes) => Uint8Array.from(bytes));

export const framing: CaseGroup = {
  title: 'The socket itself, by RFC 6455',
  by: 'bytes',
  cases: [
    {
      title: 'An upgrade is answered with 101 and the hash of its key, whatever the case of its headers.',
      async run(scene) {
        for (const change of [(line: string) => line, (line: string) => line.replace(/^[^:]+:/, (name) => name.toUpperCase())]) {
          let key = '';
          const wire = await scene.wire(([request = '', ...lines]) => {
            key = lines.find((line) => line.startsWith('Sec-WebSocket-Key'))!.split(': ')[1]!;
            return [request, ...lines.map((line) => (line.startsWith('Sec-WebSocket-Key') ? line : change(line)))];
          });
          assert.equal(wire.handshake?.status, 101);
          assert.ok(wire.answers(key));
        }
      },
    },
    {
      title: 'An upgrade without a key, or with one that is none, is not answered with 101.',
      async run(scene) {
        for (const line of [null, 'Sec-WebSocket-Key: short', 'Sec-WebSocket-Key: '] as const) {
          const wire = await scene.wire((lines) => lines.flatMap((one) => (one.startsWith('Sec-WebSocket-Key') ? (line ?? []) : one)));
          assert.notEqual(wire.handshake?.status, 101, String(line));
        }
      },
    },
    {
      title: 'A version of the protocol that is none is refused with the one there is.',
      async run(scene) {
        const wire = await scene.wire((lines) => lines.map((line) => line.replace('Version: 13', 'Version: 99')));
        assert.ok([400, 426].includes(wire.handshake?.status ?? 0), String(wire.handshake?.status));
        assert.match(wire.handshake?.headers.get('sec-websocket-version') ?? '', /\b13\b/);
      },
    },
    {
      title: 'Of subprotocols that are offered one is answered, or none; of extensions none that was not offered.',
      async run(scene) {
        const wire = await scene.wire((lines) => [...lines, 'Sec-WebSocket-Protocol: chat, superchat']);
        assert.equal(wire.handshake?.status, 101);
        assert.ok([undefined, 'chat', 'superchat'].includes(wire.handshake?.headers.get('sec-websocket-protocol')));
        assert.equal(wire.handshake?.headers.get('sec-websocket-extensions'), undefined);
      },
    },
    on('Messages of every form of length are taken: 0, 125, 126, 65,535 and 65,536 bytes and more.', async (wire, scene) => {
      wire.send({ opcode: Binary, payload: signIn(scene.name, scene.target.token) });
      await wire.next(Binary);
      const head = stateless(scene, 0).length;
      for (const length of [125, 126, 127, 65_535, 65_536, 200_000]) {
        // A length of more than 127 takes a second byte, of more than 16,383 a third.
        const rest = length - head;
        const payload = stateless(scene, rest > 16_383 ? rest - 2 : rest > 127 ? rest - 1 : rest);
        assert.equal(payload.length, length);
        wire.send({ opcode: Binary, payload });
        await wire.lives();
      }
    }),
    on('A message that comes byte by byte is the same message.', async (wire, scene) => {
      await wire.drip(wireFrame({ opcode: Binary, payload: signIn(scene.name, scene.target.token) }));
      await wire.next(Binary);
      await wire.lives();
    }),
    on('A ping is answered with its payload, empty or of 125 bytes, and ten in their order.', async (wire) => {
      const payloads = [new Uint8Array(), new Uint8Array(125).fill(254), ...Array.from({ length: 10 }, (_, at) => Uint8Array.of(at))];
      wire.send(...payloads.map((payload) => ({ opcode: Ping, payload })));
      for (const payload of payloads) assert.deepEqual(new Uint8Array(await wire.next(Pong)), payload);
    }),
    on('A pong that nobody asked for is no harm.', async (wire) => {
      wire.send({ opcode: Pong }, { opcode: Pong, payload: text('unasked') });
      await wire.lives();
    }),
    refused('A ping, pong or close of more than 125 bytes, or in fragments, is refused with 1002.', 1002, [
      ...[Ping, Pong, Close].map((opcode) => [{ opcode, payload: closePayload(1000, 'x'.repeat(124)) }]),
      ...[Ping, Pong, Close].map((opcode) => [{ opcode, fin: false }]),
    ]),
    refused(
      'A reserved bit that no extension has given a meaning is refused with 1002.',
      1002,
      [1, 2, 3, 4, 5, 6, 7].flatMap((reserved) => [[{ opcode: Binary, reserved, payload: text('x') }], [{ opcode: Ping, reserved }]]),
    ),
    refused(
      'An opcode that means nothing is refused with 1002.',
      1002,
      [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [{ opcode, payload: text('x') }]),
    ),
    refused('A frame that is not masked is refused with 1002.', 1002, [
      [{ opcode: Binary, masked: false, payload: text('x') }],
      [{ opcode: Ping, masked: false }],
    ]),
    on(
      'A message in fragments is one message, also with empty ones and pings between them, which are answered at once.',
      async (wire, scene) => {
        const bytes = signIn(scene.name, scene.target.token);
        wire.send(
          { opcode: Binary, fin: false, payload: bytes.subarray(0, 3) },
          { opcode: Continuation, fin: false },
          { opcode: Ping, payload: text('between') },
        );
        assert.equal(String(await wire.next(Pong)), 'between');
        wire.send(
          { opcode: Continuation, fin: false, payload: bytes.subarray(3, 9) },
          { opcode: Ping },
          { opcode: Continuation, payload: bytes.subarray(9) },
        );
        await wire.next(Pong);
        await wire.next(Binary);
      },
    ),
    refused('A fragment of no message, and a message within another, are refused with 1002.', 1002, [
      [{ opcode: Continuation, payload: text('x') }],
      [{ opcode: Continuation, fin: false, payload: text('x') }],
      [
        { opcode: Binary, fin: false, payload: text('x') },
        { opcode: Binary, payload: text('y') },
      ],
      [
        { opcode: Text, fin: false, payload: text('x') },
        { opcode: Binary, fin: false, payload: text('y') },
      ],
    ]),
    refused('Text that is not UTF-8 is refused with 1007, in one frame or in fragments.', 1007, [
      ...NOT_UTF8.map((payload) => [{ opcode: Text, payload }]),
      ...NOT_UTF8.map((payload) => [
        { opcode: Text, fin: false, payload: payload.subarray(0, 1) },
        { opcode: Continuation, payload: payload.subarray(1) },
      ]),
    ]),
    {
      title: 'A close is answered with its code, the connection ends, and what comes after it is not read.',
      async run(scene) {
        for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]) {
          const wire = await scene.wire();
          wire.send({ opcode: Close, payload: closePayload(code, 'x'.repeat(code % 2 === 0 ? 123 : 0)) }, { opcode: Ping });
          assert.equal(await wire.closeCode(), code);
          assert.deepEqual(
            wire.received.map(({ opcode }) => opcode),
            [Close],
          );
        }
        const wire = await scene.wire();
        wire.send({ opcode: Close });
        assert.ok([1000, 1005].includes(await wire.closeCode()));
      },
    },
    refused('A close with half a code, or one that nobody may send, is refused with 1002.', 1002, [
      [{ opcode: Close, payload: Uint8Array.of(3) }],
      ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535].map((code) => [{ opcode: Close, payload: closePayload(code) }]),
    ]),
    refused(
      'A close whose reason is not UTF-8 is refused with 1007.',
      1007,
      NOT_UTF8.map((reason) => [{ opcode: Close, payload: closePayload(1000, reason) }]),
    ),
    {
      title: 'A frame that says it is longer than anything is refused before it has come.',
      async run(scene) {
        for (const saysLength of [2 ** 40, 2 ** 53]) {
          const wire = await scene.wire();
          wire.send({ opcode: Binary, saysLength, payload: text('x') });
          assert.equal(await wire.closeCode(), 1009);
        }
      },
    },
  ],
};
