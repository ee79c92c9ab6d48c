import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from './install.ts';
import { root } from './node.mjs';

await install('');
await install('e2e');

const main = join(root, 'e2e/conformance/run.ts');
process.argv.splice(1, 2, main);
await import(pathToFileURL(main).href);
