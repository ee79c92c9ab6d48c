import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeInitialContent } from '../../document/live.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { memoryDocuments, testApp } from './testing.ts';

describe('who may look at a history', () => {
  const paths = ['versions', 'authors', 'versions/1?format=text', 'versions/0...1'];
  for (const [historyRole, viewer, editor] of [
    ['view', 200, 200],
    ['edit', 403, 200],
  ] as const) {
    it(`is whoever has the role "${historyRole}" where that is asked for`, async () => {
      const access = memoryAccess();
      const documents = memoryDocuments();
      await documents.create('plan', 'ann', (document) => writeInitialContent(document, { type: 'doc', content: [{ type: 'paragraph' }] }));
      const { app } = testApp({ access, documents, config: { maxBodyBytes: 64 * 1024, basePath: '', historyRole } });
      for (const [role, status] of [
        ['view', viewer],
        ['edit', editor],
      ] as const) {
        const { token } = await access.mint({ sub: role, name: role, access: { plan: role }, expiresInSeconds: 60 });
        for (const path of paths) {
          const response = await app.request(`/api/documents/plan/${path}`, { headers: { Authorization: `Bearer ${token}` } });
          assert.equal(response.status, status, `${role} ${path}: ${await response.text()}`);
        }
      }
    });
  }
});
