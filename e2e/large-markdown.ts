import assert from 'node:assert/strict';

/** Makes a document of so many bytes of Markdown, and rejects unless the export is the same text. */
export async function takesMarkdown(server: string, name: string, bytes: number): Promise<void> {
  const paragraph = `${'Some words that say little, and *one* of them louder. '.repeat(10).trim()}\n\n`;
  const markdown = paragraph.repeat(Math.ceil(bytes / paragraph.length)).trimEnd();
  const headers = { 'Content-Type': 'text/markdown' };
  const created = await fetch(`${server}/api/documents?name=${name}`, { method: 'POST', headers, body: markdown });
  assert.equal(created.status, 201, created.statusText);
  const exported = await (await fetch(`${server}/api/documents/${name}/export?format=markdown`)).text();
  assert.equal(exported.trimEnd() === markdown, true, 'the same text');
}
