import * as encoding from 'lib0/encoding';
import type { ID } from 'yjs';
import { readTyping, type Typing } from './typing.ts';

/** What was typed on without a pause in between, as it is written down once. */
interface Run {
  readonly first: Typing;
  readonly update: Uint8Array;
  text: string;
}

/**
 * Updates (format V1) of which those that go on with what the one before typed are one with it: the same document is made of them in a third of
 * the time. Each must be readable as it is, outside of memory that threads share.
 */
export function joinTyping(updates: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Run | null = null;
  for (const update of updates) {
    const typing = readTyping(update);
    if (run !== null && typing !== null && goesOn(run, typing)) {
      run.text += typing.text;
      continue;
    }
    if (run !== null) joined.push(written(run));
    run = typing === null ? null : { first: typing, update, text: typing.text };
    if (typing === null) joined.push(update);
  }
  if (run !== null) joined.push(written(run));
  return joined;
}

function goesOn({ first, text }: Run, { id, origin, rightOrigin }: Typing): boolean {
  const end = first.id.clock + text.length;
  const follows = id.client === first.id.client && id.clock === end && origin?.client === id.client && origin.clock === end - 1;
  return follows && isSame(rightOrigin, first.rightOrigin);
}

function isSame(one: ID | null, other: ID | null): boolean {
  return one?.client === other?.client && one?.clock === other?.clock;
}

/** As the first update is, with the text of all. */
function written({ first, update, text }: Run): Uint8Array {
  if (text.length === first.length) return update;
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, update.subarray(0, first.textAt));
    encoding.writeVarString(encoder, text);
    encoding.writeVarUint(encoder, 0);
  });
}
