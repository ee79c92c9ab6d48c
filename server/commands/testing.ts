import type { Io } from './command.ts';

/** A terminal in memory. */
export interface MemoryIo extends Io {
  /** What was written so far. */
  readonly output: () => string;
  readonly told: () => string;
  /** Sends SIGTERM. */
  readonly stop: () => void;
}

/** `input` is what stands on standard input. */
export function memoryIo(input = ''): MemoryIo {
  let output = '';
  let told = '';
  const listeners: (() => void)[] = [];
  return {
    write: async (written) => {
      output += typeof written === 'string' ? written : new TextDecoder().decode(written);
    },
    tell: async (sentence) => {
      told += `${sentence}\n`;
    },
    readInput: async () => new TextEncoder().encode(input),
    onStop: (listener) => listeners.push(listener),
    output: () => output,
    told: () => told,
    stop: () => {
      for (const listener of listeners) listener();
    },
  };
}
