import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentDisposition, downloadName } from './download-name.ts';

describe('the file name of an export', () => {
  const names: [title: string, name: string][] = [
    ['Plan for spring', 'Plan for spring.md'],
    ['team/plan', 'team plan.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['.hidden', 'hidden.md'],
    ['', 'document.md'],
    ['???', 'document.md'],
    ['a\u0000b\r\nc', 'a b c.md'],
    ['evil\u202egpj.exe', 'evil gpj.exe.md'],
    ['Über 日本 🖋️', 'Über 日本 🖋️.md'],
    ['x'.repeat(500), `${'x'.repeat(120)}.md`],
  ];
  for (const [title, name] of names)
    it(`${JSON.stringify(title.slice(0, 20))} is saved as ${name.slice(0, 20)}`, () => assert.equal(downloadName(title, 'md'), name));

  it('is written in ASCII for old clients and in UTF-8 for all others', () => {
    assert.equal(contentDisposition('attachment', 'plan.md'), `attachment; filename="plan.md"; filename*=UTF-8''plan.md`);
    assert.equal(contentDisposition('inline', 'Über "1".md'), `inline; filename="Uber _1_.md"; filename*=UTF-8''%C3%9Cber%20%221%22.md`);
    assert.equal(
      contentDisposition('inline', "日本 (it's) 100%.md"),
      `inline; filename="__ (it's) 100_.md"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%20%28it%27s%29%20100%25.md`,
    );
  });
});
