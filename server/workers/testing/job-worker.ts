import { InkwireError } from '../../../protocol/errors.ts';
import { answerJobs } from '../thread.ts';

/** What a thread can do to a pool. */
export type TestJob =
  | { readonly do: 'echo'; readonly word: string }
  | { readonly do: 'bytes'; readonly length: number }
  | { readonly do: 'refuse' | 'throw' | 'throw later' | 'end' | 'run on' | 'fill memory' }
  /** Holds the thread until `gate[0]` is no longer 0. */
  | { readonly do: 'hold'; readonly gate: Int32Array<SharedArrayBuffer> };

answerJobs(
  async (job: TestJob): Promise<unknown> => {
    switch (job.do) {
      case 'echo':
        return job.word;
      case 'bytes':
        return new Uint8Array(job.length).fill(7);
      case 'hold':
        Atomics.wait(job.gate, 0, 0);
        return 'held';
      case 'refuse':
        throw new InkwireError('bad-content', 'no words');
      case 'throw':
        throw new Error('thrown');
      case 'throw later':
        setImmediate(() => {
          throw new Error('thrown later');
        });
        return new Promise(() => {});
      case 'end':
        process.exit(3);
        break;
      case 'run on':
        for (;;);
      case 'fill memory':
        for (const held: string[][] = []; ; ) held.push(Array.from({ length: 10_000 }, (_, at) => `word ${at}`));
    }
  },
  (result) => (result instanceof Uint8Array ? [result] : []),
);
