import { makeTemplate } from './cluster-template.ts';

// A program for `launch/test.ts`, which imports nothing of the project: `node make-template.ts DATA_DIR`.
const [dataDir = ''] = process.argv.slice(2);
await makeTemplate(dataDir);
