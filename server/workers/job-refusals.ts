import { InkwireError } from '../../protocol/errors.ts';
import { JobError } from './pool.ts';

/** What the pool gave up, as the refusal a user is told; that a thread ended is a fault of ours and stays an error. */
export function refusedBy(error: Error): never {
  if (!(error instanceof JobError)) throw error;
  switch (error.failure) {
    case 'timeout':
      throw new InkwireError('conversion-timeout', error.message);
    case 'out-of-memory':
      // The same content needs the same memory every time: no time to wait would help, as it may after a timeout.
      throw new InkwireError('content-too-complex', `${error.message} Several smaller documents need less each.`);
    case 'queue-full':
      throw new InkwireError('overloaded', error.message);
    case 'cancelled':
      throw new InkwireError('bad-request', 'Nobody waits for the answer any more.');
    case 'closed':
      throw new InkwireError('shutting-down');
    case 'crashed':
      throw error;
  }
}
