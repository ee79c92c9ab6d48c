import assert from 'node:assert/strict';
import { it } from 'node:test';
import { entry, type FreshDatabase, openOne } from './fixture.ts';

export function outageContract(fresh: FreshDatabase): void {
  it('a store that cannot reach its database says so, whatever is asked', async (t) => {
    const store = await openOne(t, fresh);
    await store.ping();
    await store.close();
    await store.close();
    const handle = { name: 'document', id: '1', epoch: 1, head: 0 };
    for (const work of [
      () => store.ping(),
      () => store.load('document'),
      () => store.create('document'),
      () => store.list({ limit: 1 }),
      () => store.append([entry(handle, 'x')]),
      () => store.compact(handle, () => new Uint8Array()),
    ]) {
      await assert.rejects(work(), { code: 'database-unavailable' });
    }
  });
}
