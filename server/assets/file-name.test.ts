import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanFileName } from './file-name.ts';

describe('the name of an uploaded file', () => {
  for (const [given, kept] of [
    ['a.png', 'a.png'],
    ['Ünï cödé – 2.jpeg', 'Ünï cödé – 2.jpeg'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['C:\\fakepath\\a.png', 'a.png'],
    ['/', 'file'],
    ['..', 'file'],
    ['.htaccess', 'htaccess'],
    ['', 'file'],
    ['a\r\nSet-Cookie: x.png', 'a Set-Cookie x.png'],
    ['a"b<c>.png', 'a b c.png'],
    ['gnp\u202e.exe', 'gnp.exe'],
    ['a\0.png', 'a.png'],
    ['half \ud800 a pair.png', 'half a pair.png'],
    ['archive.tar.gz', 'archive.tar.gz'],
  ] as const) {
    it(`${JSON.stringify(given)} is kept as ${kept}`, () => assert.equal(cleanFileName(given, 'file'), kept));
  }

  it('is bounded and keeps what says its kind', () => {
    const name = cleanFileName(`${'x'.repeat(500)}.png`, 'file');
    assert.ok(name.length < 125 && name.endsWith('x.png'), name);
    assert.ok(cleanFileName(`${'👨‍👩‍👧'.repeat(400)}.png`, 'file').isWellFormed());
  });
});
