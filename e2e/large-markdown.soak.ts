import { it } from 'node:test';
import { takesMarkdown } from './large-markdown.ts';
import { ServerProcess } from './server-process.ts';

it('a server takes 5 MB of Markdown and gives it back', async (t) => {
  const server = await ServerProcess.start({ INKWIRE_CONVERSION_TIMEOUT_MS: '300000' });
  t.after(() => server.dispose());
  await takesMarkdown(server.url, 'large', 5 * 1024 * 1024);
});
