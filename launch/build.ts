import { buildEditor } from './editor-build.ts';
import { install } from './install.ts';
import { buildServer } from './server-build.ts';
import { buildWeb } from './web-build.ts';

await install('');
await install('e2e');
await buildWeb();
await buildEditor();
await buildServer();
