import assert from 'node:assert/strict';
import { FrameType } from '../../../protocol/frames.ts';
import type { CaseGroup } from '../case.ts';
import { presenceOf } from '../frame-client.ts';

const ID = 4711;

export const presenceFrames: CaseGroup = {
  title: 'Presence, frame by frame',
  by: 'frames',
  cases: [
    {
      title: 'A state with a higher clock replaces the one there is; one with the same or a lower clock does not.',
      async run(scene) {
        const [author, reader] = [await scene.frames(), await scene.frames()];
        const shows = (mark: string) => scene.soon(`it shows "${mark}"`, () => reader.presence.get(ID)?.mark === mark);
        author.awareness(presenceOf(ID, 5, { mark: 'five' }));
        await shows('five');
        author.awareness(presenceOf(ID, 5, { mark: 'five again' }));
        author.awareness(presenceOf(ID, 4, { mark: 'four' }));
        author.awareness(presenceOf(ID, 6, { mark: 'six' }));
        await shows('six');
        const newcomer = await scene.frames();
        await scene.soon('a newcomer is told', () => newcomer.presence.get(ID)?.mark === 'six');
      },
    },
    {
      title: 'An empty state removes someone, and a later one brings them back.',
      knownToFail: { stock: 'only states that are not null are passed on, so a ghost stays until the socket closes' },
      async run(scene) {
        const [author, reader] = [await scene.frames(), await scene.frames()];
        author.awareness(presenceOf(ID, 1, { mark: 'here' }));
        await scene.soon('it is there', () => reader.presence.has(ID));
        author.awareness(presenceOf(ID, 2, null));
        await scene.soon('it is gone', () => !reader.presence.has(ID));
        author.awareness(presenceOf(ID, 3, { mark: 'back' }));
        await scene.soon('it is back', () => reader.presence.get(ID)?.mark === 'back');
      },
    },
    {
      title: 'A socket that closes without a word removes whoever came through it.',
      async run(scene) {
        const [author, reader] = [await scene.frames(), await scene.frames()];
        author.awareness(presenceOf(ID, 1, { mark: 'here' }));
        await scene.soon('it is there', () => reader.presence.has(ID));
        author.close();
        await scene.soon('it is gone', () => !reader.presence.has(ID));
        const newcomer = await scene.frames();
        await newcomer.roundTrip();
        assert.equal(newcomer.presence.has(ID), false);
      },
    },
    {
      title: 'A newcomer is told who is there, unasked.',
      async run(scene) {
        const author = await scene.frames();
        author.awareness(presenceOf(ID, 1, { mark: 'here' }));
        await author.roundTrip();
        const newcomer = await scene.frames();
        await scene.soon('it is told', () => newcomer.presence.get(ID)?.mark === 'here');
      },
    },
    {
      title: 'A QueryAwareness is answered with the presence of everyone.',
      knownToFail: { stock: 'only a relay, such as its Redis extension, is answered; providers do not ask' },
      async run(scene) {
        const author = await scene.frames();
        author.awareness(presenceOf(ID, 1, { mark: 'here' }));
        await author.roundTrip();
        const asker = await scene.frames();
        await scene.soon('it is told', () => asker.presence.has(ID));
        const told = asker.received(FrameType.Awareness).length;
        asker.send(FrameType.QueryAwareness);
        await asker.roundTrip();
        assert.equal(asker.received(FrameType.Awareness).length, told + 1);
      },
    },
  ],
};
