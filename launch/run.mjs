import { giveBackMemory } from './give-back-memory.mjs';
import { underRecentNode } from './node.mjs';
import { SetupError } from './npm.mjs';

// What `npm start`, `npm test` and the other scripts of package.json call: `node launch/run.mjs TASK …`.
// Plain JavaScript up to here, so that it starts on whatever Node the machine has.
try {
  await underRecentNode();
  const task = process.argv[2] ?? 'start';
  if (task === 'start') giveBackMemory();
  await import(`./${task}.ts`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\ninkwire: ${error.message}\n`);
  process.exit(1);
}
