import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fileOf, nameOf } from './file-name.ts';

it('[X11] every document has a file of its own, whose name every system can hold', () => {
  for (const [name, file] of [
    ['team/plan', 'plan.md'],
    ['team/a/b', 'a/b.md'],
    ['team/Plan für Mai 🙂', 'Plan für Mai 🙂.md'],
    ['team/.hidden', '%2Ehidden.md'],
    ['team/../up', '%2E%2E/up.md'],
    ['team/a:b?', 'a%3Ab%3F.md'],
    ['team/50%', '50%25.md'],
    ['team/%41', '%2541.md'],
    ['team/con', '%con.md'],
    ['team/a//b', 'a/%/b.md'],
    ['team/dot.', 'dot%2E.md'],
    ['team/plan.md', 'plan.md.md'],
  ] as const) {
    assert.equal(fileOf(name, 'team/'), file, name);
    assert.equal(nameOf(file, 'team/'), name, file);
  }
});

it('a file that is no document’s is left alone', () => {
  for (const path of ['plan.txt', '.git/a.md', 'a/.b.md', '.md', 'a%3ab.md', '%41.md']) assert.equal(nameOf(path, 'team/'), null, path);
  for (const name of ['plan', 'team', 'team/', 'teams/x']) assert.equal(fileOf(name, 'team/'), null, name);
});
