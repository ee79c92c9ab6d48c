import type { ServerProcess } from '../server-process.ts';
import { WriterClient } from '../writer-client.ts';
import type { Random } from './fault.ts';

const KEYS = 'etaoin shrdlu';

/** Every frame that two stock providers send while two people type, delete and move their cursors in one document. */
export async function recordTraffic(server: ServerProcess, document: string, edits: number, random: Random): Promise<Uint8Array[]> {
  const people = [new WriterClient(server.collab, document), new WriterClient(server.collab, document)];
  const frames = people.map(sentBy);
  try {
    for (const person of people) {
      await person.synced();
      person.text.toString();
      await person.allSaved();
    }
    for (let edit = 0; edit < edits; edit++) {
      const person = people[random.below(people.length)]!;
      const { text } = person;
      const at = random.below(text.length + 1);
      if (random.below(4) === 0 && at < text.length) text.delete(at, 1 + random.below(Math.min(10, text.length - at)));
      else text.insert(at, KEYS.slice(random.below(KEYS.length)), random.below(8) === 0 ? { bold: {} } : undefined);
      if (random.below(10) === 0) person.provider.setAwarenessField('cursor', { anchor: at, head: at });
      if (edit % 16 === 0) await new Promise((resume) => setImmediate(resume));
    }
    for (const person of people) await person.allSaved();
  } finally {
    for (const person of people) person.close();
  }
  return frames.flat();
}

/** What this client sends from here on, as it is sent. */
function sentBy({ socket }: WriterClient): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const send = socket.send.bind(socket);
  socket.send = (frame: Uint8Array) => {
    frames.push(frame);
    send(frame);
  };
  return frames;
}
