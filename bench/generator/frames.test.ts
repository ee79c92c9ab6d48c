import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import { stateAfter, textOf, typeEdits } from './edits.ts';
import { askForAllFrame, authFrame, oneFrame, updateFrames } from './frames.ts';

const EDITS = [{ patches: [[0, 0, 'Helo']] }, { patches: [[3, 0, 'l']] }, { patches: [[0, 1, 'h']] }] as const;

/** The update a frame carries, read as a server would. */
function updateIn(bytes: Uint8Array): Uint8Array {
  const { documentName, type, bodyAt } = readFrameHeader(bytes);
  assert.deepEqual([documentName, type], ['päper', FrameType.Sync]);
  const decoder = decoding.createDecoder(bytes.subarray(bodyAt));
  assert.equal(decoding.readVarUint(decoder), SyncType.Update);
  const update = decoding.readVarUint8Array(decoder);
  assert.equal(decoding.hasContent(decoder), false);
  return update;
}

describe('the frames of the generator', () => {
  it('carry each edit as one update that a document takes', () => {
    const updates = typeEdits(EDITS);
    assert.deepEqual([updates.count, updates.text], [3, 'hello']);
    const frames = updateFrames('päper', updates);
    const document = new Y.Doc();
    for (let index = 0; index < frames.count; index++) Y.applyUpdate(document, updateIn(frames.at(index)));
    assert.equal(textOf(Y.encodeStateAsUpdate(document)), 'hello');
    document.destroy();
  });

  it('can be a part of the updates', () => {
    const updates = typeEdits(EDITS);
    const frames = updateFrames('päper', updates, 1, 3);
    assert.equal(frames.count, 2);
    assert.deepEqual(updateIn(frames.at(1)), updates.at(2));
  });

  it('can carry the document so far at once', () => {
    const updates = typeEdits(EDITS);
    const frames = oneFrame('päper', stateAfter(updates, 2));
    assert.equal(frames.count, 1);
    assert.equal(textOf(updateIn(frames.at(0))), 'Hello');
  });

  it('begin as a provider begins', () => {
    assert.deepEqual(readFrameHeader(authFrame('a', '')).type, FrameType.Auth);
    assert.deepEqual([...askForAllFrame('a')], [1, 97, FrameType.Sync, SyncType.Step1, 1, 0]);
  });

  it('refuse an edit that changes nothing, which no server would acknowledge', () => {
    assert.throws(() => typeEdits([{ patches: [[0, 0, 'a']] }, { patches: [] }]), /2 edits made 1 updates/);
  });
});
