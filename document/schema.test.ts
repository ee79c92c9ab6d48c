import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectWarnings } from './content.ts';
import { fromMarkdown } from './formats/from-markdown.ts';
import { toMarkdown } from './formats/to-markdown.ts';
import { SCHEMA_VERSION, schema } from './schema.ts';
import { welcome } from './welcome.ts';

/** Nodes, marks and attributes of each version. A name leaves this list never; a new one comes with a new version. */
const VERSIONS: Readonly<Record<number, string>> = {
  1: `blockMath(latex) blockquote bulletList codeBlock(language,meta) doc hardBreak heading(level) horizontalRule
      image(alt,height,href,src,title,width) inlineImage(alt,height,href,src,title,width) inlineMath(latex) listItem
      orderedList(start,type) paragraph table tableCell(align,colspan,colwidth,rowspan) tableHeader(align,colspan,colwidth,rowspan)
      tableRow taskItem(checked) taskList text
      bold code comment(threadId) deletion(id) highlight(color) insertion(id) italic link(class,href,rel,target,title)
      modification(attrName,id,newValue,previousValue,type) strike underline`,
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

  it('has a default for every attribute, so that a document that lacks one opens', () => {
    for (const { spec } of [...Object.values(schema.nodes), ...Object.values(schema.marks)]) {
      for (const attribute of Object.values(spec.attrs ?? {})) assert.notEqual(attribute.default, undefined);
    }
  });

  it('does not delete an item, a list or a quote that is empty for a moment', () => {
    for (const name of ['listItem', 'taskItem', 'bulletList', 'orderedList', 'taskList', 'blockquote']) {
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
