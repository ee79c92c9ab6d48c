import * as encoding from 'lib0/encoding';
import { readFrameHeader } from '../../protocol/frames.ts';
import type { Random } from './fault.ts';

/** Sent now and then; must be more than the server takes, bytes. */
export const OVERSIZE_BYTES = 70_000;

type Mutation = (frames: readonly Uint8Array[], random: Random) => Uint8Array[];

const MUTATIONS = {
  none: (frames, random) => [pick(frames, random)],
  'bits flipped': (frames, random) => {
    const frame = pick(frames, random).slice();
    for (let flips = 1 + random.below(8); flips > 0; flips--) frame[random.below(frame.length)]! ^= 1 << random.below(8);
    return [frame];
  },
  truncated: (frames, random) => {
    const frame = pick(frames, random);
    return [frame.subarray(0, random.below(frame.length))];
  },
  oversized: (frames, random) => {
    const frame = pick(frames, random);
    const length = random.below(20) === 0 ? OVERSIZE_BYTES : frame.length + 1 + random.below(200);
    const longer = Uint8Array.from({ length: length - frame.length }, () => random.below(256));
    return [joined(frame, longer)];
  },
  reordered: (frames, random) => {
    const at = random.below(frames.length);
    return [frames[(at + 1) % frames.length]!, frames[at]!];
  },
  duplicated: (frames, random) => new Array<Uint8Array>(2 + random.below(3)).fill(pick(frames, random)),
  spliced: (frames, random) => {
    const [head, tail] = [pick(frames, random), pick(frames, random)];
    return [joined(head.subarray(0, random.below(head.length)), tail.subarray(random.below(tail.length)))];
  },
  'wrongly addressed': (frames, random) => {
    const addresses = ['', 'elsewhere', 'no such document', '\0session', 'a\u0007bell', 'x'.repeat(300)];
    return [readdressed(pick(frames, random), addresses[random.below(addresses.length)]!)];
  },
} satisfies Record<string, Mutation>;

const KINDS = Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[];

/** One to four frames made of recorded ones, most of them damaged. */
export function mutate(frames: readonly Uint8Array[], random: Random): Uint8Array[] {
  return MUTATIONS[KINDS[random.below(KINDS.length)]!](frames, random);
}

/** The same frame to another document. */
export function readdressed(frame: Uint8Array, address: string): Uint8Array {
  const { address: from } = readFrameHeader(frame);
  const header = (name: string) => encoding.encode((encoder) => encoding.writeVarString(encoder, name));
  return joined(header(address), frame.subarray(header(from).length));
}

function pick(frames: readonly Uint8Array[], random: Random): Uint8Array {
  return frames[random.below(frames.length)]!;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
