import type { ContentMark, ContentNode } from '../../content.ts';

/** A line of text as it is read, its white space collapsed as a browser does. */
export class Line {
  #nodes: ContentNode[] = [];
  /** A space that is shown only if something follows it. */
  #space: readonly ContentMark[] | null = null;

  get isEmpty(): boolean {
    return this.#nodes.length === 0;
  }

  text(value: string, marks: readonly ContentMark[], preserve: boolean): void {
    if (preserve) {
      this.#flushSpace();
      const lines = value.replace(/\r\n?/g, '\n').split('\n');
      for (const [at, line] of lines.entries()) {
        if (at > 0) this.#nodes.push({ type: 'hardBreak' });
        this.#push(line, marks);
      }
      return;
    }
    for (const piece of value.split(/([ \t\n\r\f]+)/)) {
      if (piece === '') continue;
      if (!/^[ \t\n\r\f]/.test(piece)) {
        this.#flushSpace();
        this.#push(piece, marks);
      } else if (this.#nodes.length > 0 && this.#nodes.at(-1)!.type !== 'hardBreak') this.#space ??= marks;
    }
  }

  node(node: ContentNode): void {
    this.#flushSpace();
    this.#nodes.push(node);
  }

  break(): void {
    this.#space = null;
    this.#nodes.push({ type: 'hardBreak' });
  }

  /**
   * The paragraphs that the line is, and begins anew: two breaks in a row part paragraphs, and breaks at an
   * end say nothing, nor does a no-break space: with one, programs keep an empty line open.
   */
  take(): ContentNode[][] {
    const paragraphs: ContentNode[][] = [[]];
    let breaks = 0;
    for (const node of this.#nodes) {
      if (node.type === 'hardBreak') {
        breaks++;
        continue;
      }
      if (breaks > 1 && paragraphs.at(-1)!.length > 0) paragraphs.push([]);
      else if (breaks === 1 && paragraphs.at(-1)!.length > 0) paragraphs.at(-1)!.push({ type: 'hardBreak' });
      breaks = 0;
      paragraphs.at(-1)!.push(node);
    }
    this.#nodes = [];
    this.#space = null;
    for (const nodes of paragraphs) trimEnd(nodes);
    return paragraphs.filter((nodes) => nodes.some(({ type, text = '' }) => type !== 'text' || /[^ \u00a0\u200b\ufeff]/.test(text)));
  }

  #flushSpace(): void {
    const marks = this.#space;
    this.#space = null;
    if (marks !== null) this.#push(' ', marks);
  }

  #push(text: string, marks: readonly ContentMark[]): void {
    if (text === '') return;
    const last = this.#nodes.at(-1);
    if (last?.type === 'text' && JSON.stringify(last.marks ?? []) === JSON.stringify(marks)) last.text += text;
    else this.#nodes.push(marks.length > 0 ? { type: 'text', text, marks: [...marks] } : { type: 'text', text });
  }
}

function trimEnd(nodes: ContentNode[]): void {
  const last = nodes.at(-1);
  if (last?.type !== 'text') return;
  const text = (last.text ?? '').replace(/[ \u00a0]+$/, '');
  if (text === '') nodes.pop();
  else last.text = text;
}
