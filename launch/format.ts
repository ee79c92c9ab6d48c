import { runCheck } from './checks.ts';
import { install } from './install.ts';

await install('');
await install('e2e');
process.exitCode = (await runCheck('format everything')).clean ? 0 : 1;
