import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoleMessage, ROLE_REASONS, roleMessage } from './messages.ts';
import { ROLES } from './role.ts';

describe('the role message', () => {
  it('is read as it was written', () => {
    for (const role of ROLES) {
      for (const reason of [null, ...ROLE_REASONS]) {
        assert.deepEqual(parseRoleMessage(roleMessage(role, reason)), { type: 'inkwire/role', role, reason });
      }
    }
  });

  it('is told from the messages of others', () => {
    for (const text of ['', 'role', 'null', '7', '[]', '{}', '{"type":"inkwire/role"}', '{"type":"inkwire/role","role":"owner"}']) {
      assert.equal(parseRoleMessage(text), null, text);
    }
    assert.equal(parseRoleMessage('{"type":"other","role":"view"}'), null);
  });

  it('keeps its role when a later server gives a reason that is not known here', () => {
    assert.deepEqual(parseRoleMessage('{"type":"inkwire/role","role":"view","reason":"full moon"}'), {
      type: 'inkwire/role',
      role: 'view',
      reason: null,
    });
  });
});
