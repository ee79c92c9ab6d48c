import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeType } from '@tiptap/pm/model';
import { checkOf } from './attributes.ts';
import { collectWarnings } from './content.ts';
import { fromMarkdown } from './formats/from-markdown.ts';
import { toMarkdown } from './formats/to-markdown.ts';
import { welcome } from './formats/welcome.ts';
import { BLOCK_NAMES, INLINE_NAMES, MARK_NAMES, PART_NAMES } from './node-names.ts';
import { SCHEMA_VERSION, schema } from './schema.ts';

/** Nodes, marks and attributes of each version. A name leaves this list never; a new one comes with a new version. */
const VERSIONS: Readonly<Record<number, string>> = {
  1: `blockMath(latex) blockquote bulletList codeBlock(language,meta) doc hardBreak heading(level) horizontalRule
      image(alt,height,href,src,title,width) inlineImage(alt,height,href,src,title,width) inlineMath(latex) listItem
      orderedList(start,type) paragraph table tableCell(align,colspan,colwidth,rowspan) tableHeader(align,colspan,colwidth,rowspan)
      tableRow taskItem(checked) taskList text
      bold code comment(threadId) deletion(id) highlight(color) insertion(id) italic link(class,href,rel,target,title)
      modification(attrName,id,newValue,previousValue,type) strike underline`,
  2: `blockMath(latex) blockquote bulletList callout(kind) codeBlock(language,meta) details(open) detailsSummary doc
      footnoteDefinition(label) footnoteReference(label) hardBreak heading(level) horizontalRule htmlComment(text)
      image(align,alt,caption,height,href,src,title,width) inlineHtmlComment(text) inlineImage(alt,height,href,src,title,width)
      inlineMath(latex) listItem orderedList(start,type) paragraph table tableCell(align,colspan,colwidth,rowspan)
      tableHeader(align,colspan,colwidth,rowspan) tableRow taskItem(checked) taskList text
      bold code comment(threadId) deletion(id) highlight(color) insertion(id) italic link(class,href,rel,target,title)
      modification(attrName,id,newValue,previousValue,type) strike subscript superscript underline`,
};

describe('schema', () => {
  it('has exactly the names of its version', () => {
    const names = (types: Readonly<Record<string, { spec: { attrs?: object } }>>) =>
      Object.entries(types)
        .map(
          ([name, { spec }]) =>
            name + (spec.attrs && Object.keys(spec.attrs).length > 0 ? `(${Object.keys(spec.attrs).sort().join()})` : ''),
        )
        .sort();
    assert.deepEqual([...names(schema.nodes), ...names(schema.marks)], VERSIONS[SCHEMA_VERSION]?.split(/\s+/));
  });

  it('has all that the versions before it had', () => {
    const parts = (version: number) =>
      VERSIONS[version]!.split(/\s+/).flatMap((entry) => {
        const [name, attributes] = entry.split(/[()]/);
        return [name!, ...(attributes?.split(',') ?? []).map((attribute) => `${name}.${attribute}`)];
      });
    for (let version = 1; version < SCHEMA_VERSION; version++) {
      const later = new Set(parts(version + 1));
      assert.deepEqual(
        parts(version).filter((part) => !later.has(part)),
        [],
      );
    }
  });

  it('has the names that converters answer for, each as the kind of node it is', () => {
    const kind = ({ isBlock, isInline, spec }: NodeType) =>
      isInline ? 'inline' : isBlock && /\bblock\b/.test(spec.group ?? '') ? 'block' : 'part';
    const named = (wanted: string) =>
      Object.values(schema.nodes)
        .filter((type) => kind(type) === wanted)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(named('block'), [...BLOCK_NAMES].sort());
    assert.deepEqual(named('inline'), [...INLINE_NAMES].sort());
    assert.deepEqual(named('part'), [...PART_NAMES].sort());
    assert.deepEqual(Object.keys(schema.marks).sort(), [...MARK_NAMES].sort());
  });

  it('has a check for every attribute, without which it would always be the default', () => {
    for (const { name, spec } of [...Object.values(schema.nodes), ...Object.values(schema.marks)]) {
      for (const attribute of Object.keys(spec.attrs ?? {})) assert.ok(checkOf(name, attribute), `${name}.${attribute}`);
    }
  });

  it('has a default for every attribute, so that a document that lacks one opens', () => {
    for (const { spec } of [...Object.values(schema.nodes), ...Object.values(schema.marks)]) {
      for (const attribute of Object.values(spec.attrs ?? {})) assert.notEqual(attribute.default, undefined);
    }
  });

  it('does not delete an item, a list or a quote that is empty for a moment', () => {
    for (const name of [
      'listItem',
      'taskItem',
      'bulletList',
      'orderedList',
      'taskList',
      'blockquote',
      'callout',
      'details',
      'footnoteDefinition',
    ]) {
      assert.doesNotThrow(() => schema.node(name, null, []), name);
    }
  });

  it('lets comments overlap and stand on code', () => {
    const comment = schema.marks.comment!;
    const marks = comment.create({ threadId: 'b' }).addToSet(comment.create({ threadId: 'a' }).addToSet([schema.mark('code')]));
    assert.equal(marks.length, 3);
    assert.ok(schema.nodes.codeBlock!.allowsMarkType(comment));
  });
});

describe('the welcome document', () => {
  it('is read without a warning, and is the same Markdown again', () => {
    const { warn, warnings } = collectWarnings();
    const { content, title } = fromMarkdown(welcome.markdown, warn);
    assert.deepEqual(warnings, []);
    assert.equal(title, welcome.title);
    const written = toMarkdown(content);
    assert.equal(toMarkdown(fromMarkdown(written).content), written);
  });

  it('shows headings, tasks, a table, code, math, a quote and a highlight', () => {
    const json = JSON.stringify(welcome.content);
    for (const type of [
      'heading',
      'taskItem',
      'table',
      'codeBlock',
      'inlineMath',
      'blockMath',
      'blockquote',
      'highlight',
      'underline',
      'link',
    ]) {
      assert.ok(json.includes(`"${type}"`), type);
    }
  });
});
