import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MESSAGE_PERMISSIONS } from './frame-permissions.ts';
import { FrameType, SyncType } from './frames.ts';

it('[A1] every type of message has a row that says what it takes', () => {
  const kinds = Object.keys(FrameType).flatMap((type) =>
    type === 'Sync' || type === 'SyncReply' ? Object.keys(SyncType).map((kind) => `${type}.${kind}`) : [type],
  );
  assert.deepEqual(Object.keys(MESSAGE_PERMISSIONS).toSorted(), kinds.toSorted());
});
