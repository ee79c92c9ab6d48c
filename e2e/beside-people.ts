import assert from 'node:assert/strict';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

interface Amount {
  /** Edits, of which every third is taken back. */
  readonly edits: number;
  /** Word documents that are imported meanwhile. */
  readonly imports: number;
}

/** While two people type, scripts edit their document and import others: all converge, nothing of anybody is lost, and undo takes back what it names. */
export async function besidePeople(
  { url, collab }: { url: string; collab: string },
  name: string,
  { edits, imports }: Amount,
): Promise<void> {
  const api = `${url}/api/documents`;
  const json = { 'Content-Type': 'application/json' };
  const markdown = 'Ann: \n\nBob: \n\n## Scripts\n';
  await fetchOk(api, { method: 'POST', headers: json, body: JSON.stringify({ name, markdown }) });
  const people = [new WriterClient(collab, name), new WriterClient(collab, name)];
  try {
    await Promise.all(people.map((person) => person.synced()));
    let working = true;
    const typed = people.map(() => 0);
    const typing = people.map(async (person, at) => {
      while (working || typed[at]! < 50) {
        const paragraph = person.document.getXmlFragment('default').get(at) as import('yjs').XmlElement;
        const text = paragraph.get(0) as import('yjs').XmlText;
        text.insert(text.length, `${typed[at]!.toString(36)} `);
        typed[at]! += 1;
        await new Promise((later) => setTimeout(later, 5));
      }
    });
    const word = await (await fetchOk(`${api}/${name}/export?format=docx`)).bytes();
    const kept = new Set<string>();
    const edit = async (at: number) => {
      const operations = [{ op: 'insert', under: 'Scripts', markdown: `- script ${at}.` }];
      const made = await fetchOk(`${api}/${name}/edits`, { method: 'POST', headers: json, body: JSON.stringify({ operations }) });
      const { id } = (await made.json()) as { id: string };
      if (at % 3 === 0) await fetchOk(`${api}/${name}/edits/${id}/undo`, { method: 'POST' });
      else kept.add(`script ${at}.`);
    };
    const imported = async (at: number) => {
      const headers = { 'Content-Type': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' };
      await fetchOk(`${api}?name=${name}-import-${at}`, { method: 'POST', headers, body: word });
    };
    await Promise.all([inTurn(edits, edit), inTurn(imports, imported)]);
    working = false;
    await Promise.all(typing);
    await Promise.all(people.map((person) => person.allSaved()));
    const shown = () => people.map(({ document }) => document.getXmlFragment('default').toString());
    await until('both show the same', () => new Set(shown()).size === 1);
    const text = await (await fetchOk(`${api}/${name}/export?format=text`)).text();
    const [ann = '', bob = '', , ...rest] = text.split('\n');
    for (const [at, line] of [ann, bob].entries()) {
      const words = Array.from({ length: typed[at]! }, (_, word) => word.toString(36));
      assert.equal(line.replace(/^\w+:\s*/, '').trim(), words.join(' '));
    }
    assert.deepEqual(rest.filter((line) => line !== '').sort(), [...kept].sort());
  } finally {
    for (const person of people) person.close();
  }
}

/** Four at a time, as several scripts at once would. */
async function inTurn(count: number, one: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (next < count) await one(next++);
    }),
  );
}

async function fetchOk(address: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(address, init);
  assert.ok(response.ok, `${init?.method ?? 'GET'} ${address}: ${response.status} ${response.ok ? '' : await response.text()}`);
  return response;
}
