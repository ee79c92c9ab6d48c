import * as Y from 'yjs';

/** One person's keys, an update for each. */
export function keystrokes(count: number): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (let key = 0; key < count; key++) document.getText('default').insert(key, 'k');
  document.destroy();
  return updates;
}
