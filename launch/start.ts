import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.ts';
import { root } from './node.mjs';
import { buildWeb } from './web-build.ts';

await install('');
await buildWeb();

// The server runs in this process: signals reach it and its exit code is this one's.
const main = join(root, 'server/main.ts');
process.argv.splice(1, 2, main, 'serve');
await import(pathToFileURL(main).href);
