import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { Connection, type Document } from '@hocuspocus/server';
import * as Y from 'yjs';
import type { RequestLike } from '../upstream.ts';
import { Room, type RoomSocket } from './room.ts';

/** A member of a room who notes what is forwarded. */
class Member implements RoomSocket {
  readonly readyState = 1;
  readonly received: ('text' | 'presence')[] = [];
  readonly connection: Connection;

  constructor(room: Room) {
    this.connection = new Connection(
      this as unknown as WebSocket,
      { url: '/' } as RequestLike,
      room as unknown as Document,
      'socket',
      {},
      false,
    );
  }

  entered(address: string) {
    return { address, socket: this };
  }

  left(): void {}
  send(): void {}
  close(): void {}

  forwardUpdate(): void {
    this.received.push('text');
  }

  forwardPresence(): void {
    this.received.push('presence');
  }
}

describe('a room', () => {
  let room: Room;
  afterEach(() => room.destroy());

  function gather(people: number): [Member, ...Member[]] {
    room = new Room('plan');
    return Array.from({ length: people }, () => new Member(room)) as [Member, ...Member[]];
  }

  function edit(author: Member): void {
    const document = new Y.Doc();
    document.getText('default').insert(0, 'a');
    room.applyFrom(author.connection, Y.encodeStateAsUpdate(document));
  }

  it('sends an edit to everyone but its author', async () => {
    const [author, reader] = gather(2);
    edit(author);
    await Promise.resolve();
    assert.deepEqual([author.received, reader?.received], [[], ['text']]);
  });

  it('sends presence that waits along with text, when there are many people', async () => {
    const [author, ...readers] = gather(20);
    room.awareness.setLocalState({ user: { name: 'Ada' } });
    assert.deepEqual(author.received, [], 'it is gathered for a while');
    edit(author);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(author.received, ['presence']);
    for (const { received } of readers) assert.deepEqual(received, ['text', 'presence']);
  });

  it('[L2] gathers the presence of whoever sends it faster than a screen shows it, in a small room too', async () => {
    const [, reader] = gather(2);
    const said = 500;
    for (let caret = 0; caret < said; caret++) {
      room.awareness.setLocalState({ caret });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const shown = reader?.received.length ?? 0;
    assert.ok(shown > 0 && shown < said, `${shown} of ${said}`);
  });
});
