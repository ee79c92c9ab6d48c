import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { covers, roleOf, serverRoleOf } from './identity.ts';
import { ACTIONS, type Action, may } from './permissions.ts';
import { ROLES, type Role } from './role.ts';

const role = (access: Record<string, Role>, name: string) => roleOf({ access }, name);

describe('the role on a document', () => {
  it('is that of the longest pattern that matches', () => {
    const access = { '*': 'view', 'team/*': 'comment', 'team/plans/*': 'edit', 'team/plans/secret': 'view' } as const;
    assert.equal(role(access, 'other'), 'view');
    assert.equal(role(access, 'team/a'), 'comment');
    assert.equal(role(access, 'team/plans/a'), 'edit');
    assert.equal(role(access, 'team/plans/secret'), 'view');
    assert.equal(role(access, 'team/plans/secrets'), 'edit');
  });

  it('is none without a pattern that matches', () => {
    const access = { 'team/*': 'edit', plan: 'view' } as const;
    for (const name of ['team', 'teams/a', 'Team/a', 'plan/a', 'pla', '']) assert.equal(role(access, name), null, name);
    assert.equal(role({}, 'constructor'), null);
    assert.equal(role({}, '__proto__'), null);
  });

  it('takes a document whose name looks like a pattern for a name', () => {
    assert.equal(role({ 'team/a': 'edit' }, 'team/*'), null);
    assert.equal(role({ 'team/*': 'edit' }, 'team/*'), 'edit');
    assert.equal(role({ 'a*': 'edit' }, 'ab'), null);
    assert.equal(role({ 'a*': 'edit' }, 'a*'), 'edit');
    assert.equal(serverRoleOf({ access: { '*': 'admin' } }), 'admin');
    assert.equal(serverRoleOf({ access: { 'team/*': 'admin' } }), null);
  });
});

describe('what may be passed on', () => {
  const access = { 'team/*': 'admin', 'team/closed/*': 'view', note: 'edit' } as const;
  it('is what is held everywhere the pattern reaches', () => {
    assert.equal(covers({ access }, 'team/open/*', 'admin'), true);
    assert.equal(covers({ access }, 'team/a', 'edit'), true);
    assert.equal(covers({ access }, 'note', 'edit'), true);
  });
  it('is no more than that', () => {
    assert.equal(covers({ access }, 'team/*', 'edit'), false, 'team/closed/* is in it');
    assert.equal(covers({ access }, 'team/closed/*', 'edit'), false);
    assert.equal(covers({ access }, 'note', 'admin'), false);
    assert.equal(covers({ access }, '*', 'view'), false);
    assert.equal(covers({ access }, 'other/*', 'view'), false);
  });
});

describe('[A1] the table of roles and actions', () => {
  const allowed: Record<Action, readonly Role[]> = {
    'document.read': ['view', 'comment', 'suggest', 'edit', 'admin'],
    'document.export': ['view', 'comment', 'suggest', 'edit', 'admin'],
    'document.presence': ['view', 'comment', 'suggest', 'edit', 'admin'],
    'document.comment': ['comment', 'suggest', 'edit', 'admin'],
    'document.suggest': ['suggest', 'edit', 'admin'],
    'document.edit': ['edit', 'admin'],
    'document.create': ['edit', 'admin'],
    'document.import': ['edit', 'admin'],
    'document.delete': ['admin'],
    'document.share': ['admin'],
    'server.tokens': ['admin'],
    'server.nodes': ['admin'],
  };
  for (const action of Object.keys(ACTIONS) as Action[]) {
    it(action, () => {
      for (const candidate of ROLES) assert.equal(may(candidate, action), allowed[action].includes(candidate), candidate);
      assert.equal(may(null, action), false);
    });
  }
});
