import { buffer } from 'node:stream/consumers';
import { runCli } from './cli.ts';
import type { Io } from './commands/command.ts';

const send = (stream: NodeJS.WriteStream, output: string | Uint8Array) =>
  new Promise<void>((resolve, reject) => {
    stream.write(output, (error) => (error ? reject(error) : resolve()));
  });

/** Signals closer together than this are one wish: a terminal's Ctrl+C reaches us, and npm hands its own on. */
const ONE_WISH_MS = 500;

const io: Io = {
  write: (output) => send(process.stdout, output),
  tell: (sentence) => send(process.stderr, `${sentence}\n`),
  readInput: () => buffer(process.stdin),
  onStop: (listener) => {
    let last = Number.NEGATIVE_INFINITY;
    const onSignal = () => {
      const now = performance.now();
      if (now - last > ONE_WISH_MS) listener();
      last = now;
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  },
};

// The reader of our output may stop reading (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Typst would take all cores for one PDF; on one it is as fast, and leaves the others to those who type.
process.env.RAYON_NUM_THREADS ??= '1';

process.exit(await runCli(process.argv.slice(2), process.env, io));
