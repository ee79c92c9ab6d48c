import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportFormats, fileMediaTypes, findFormat, formatOfMediaType, formats, importFormats, listFormats, negotiate } from './format.ts';

describe('formats', () => {
  it('have names, extensions and media types of their own', () => {
    const all = formats.flatMap((format) => [...format.mediaTypes]);
    assert.equal(new Set(all).size, all.length);
    assert.equal(new Set(formats.map((format) => format.name)).size, formats.length);
    assert.equal(new Set(formats.map((format) => format.extension)).size, formats.length);
  });

  it('are found by name and by extension', () => {
    assert.equal(findFormat('md')?.name, 'markdown');
    assert.equal(findFormat('.TXT')?.name, 'text');
    assert.equal(findFormat('Markdown')?.name, 'markdown');
    assert.equal(findFormat('docm'), null);
    assert.equal(findFormat('constructor'), null);
  });

  it('are found by media type', () => {
    assert.equal(formatOfMediaType('text/markdown; charset=utf-8')?.name, 'markdown');
    assert.equal(formatOfMediaType('image/png'), null);
  });

  it('are listed with their extensions', () => {
    assert.equal(listFormats(importFormats), 'markdown (md), html, text (txt), docx, odt, epub, json or yjs');
    assert.equal(listFormats(exportFormats), 'markdown (md), html, text (txt), docx, pdf, odt, epub, latex (tex), json or yjs');
    assert.equal(listFormats(importFormats.slice(0, 1)), 'markdown (md)');
  });

  it('can be sent as a file where JSON is the envelope, unless they are JSON', () => {
    assert.deepEqual(fileMediaTypes(findFormat('markdown')!), ['text/markdown', 'text/x-markdown']);
    assert.deepEqual(fileMediaTypes(findFormat('json')!), []);
  });
});

describe('negotiate', () => {
  const cases: [string | null, string | null][] = [
    [null, 'markdown'],
    ['', 'markdown'],
    ['*/*', 'markdown'],
    ['text/*', 'markdown'],
    ['application/json', 'json'],
    ['application/json, */*', 'markdown'],
    ['application/json, */*;q=0.1', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['text/plain;q=0.5, text/html;q=0.9', 'html'],
    ['TEXT/PLAIN; Q=1', 'text'],
    ['text/markdown;q=0, */*;q=0.5', 'html'],
    ['text/markdown;q=0, text/x-markdown;q=0', null],
    ['image/png', null],
    ['*/*;q=0', null],
    ['nonsense', null],
    ['text/plain;q=abc', null],
    ['application/x-yjs-update', 'yjs'],
    ['application/pdf', 'pdf'],
  ];
  for (const [accept, format] of cases) {
    it(`answers ${JSON.stringify(accept)} with ${format}`, () => assert.equal(negotiate(accept), format));
  }
});
