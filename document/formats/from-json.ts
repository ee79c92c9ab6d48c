import { InkwireError } from '../../protocol/errors.ts';
import { plainValue } from '../attributes.ts';
import { conform, toNode } from '../conform.ts';
import { type ContentMark, type ContentNode, MAX_DEPTH, type Warn } from '../content.ts';

/**
 * ProseMirror JSON as content of the schema; nodes and marks it does not know become their text, with
 * a warning. Throws `bad-content` with the path (`$.content[3].marks`) of what no editor can have written.
 */
export function fromJson(json: string, warn: Warn = () => {}): ContentNode {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InkwireError('bad-content', `The JSON cannot be read: ${(error as Error).message}.`);
  }
  const root = node(value, '$', 0);
  if (root.type !== 'doc') throw bad('$.type', 'must be "doc"');
  const content = conform(root, warn);
  toNode(content);
  return content;
}

/** Deeper than `conform` keeps, far from where the stack ends. */
const MAX_READ_DEPTH = MAX_DEPTH * 10;

const bad = (path: string, what: string) => new InkwireError('bad-content', `${path} ${what}.`);

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'must be an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad(path, 'must be a list');
  return value;
}

function typed<T extends ContentMark>(value: unknown, path: string): { made: T; source: Record<string, unknown> } {
  const source = record(value, path);
  if (typeof source.type !== 'string' || source.type === '') throw bad(`${path}.type`, 'must be a name');
  const made = { type: source.type } as T;
  if (source.attrs !== undefined && source.attrs !== null) {
    made.attrs = plainValue(record(source.attrs, `${path}.attrs`)) as Record<string, unknown>;
  }
  return { made, source };
}

function node(value: unknown, path: string, depth: number): ContentNode {
  if (depth > MAX_READ_DEPTH) throw new InkwireError('bad-content', `The JSON is nested deeper than ${MAX_READ_DEPTH} levels.`);
  const { made, source } = typed<ContentNode>(value, path);
  if (made.type === 'text') {
    if (typeof source.text !== 'string') throw bad(`${path}.text`, 'must be a string');
    made.text = source.text.toWellFormed();
  }
  const marks = list(source.marks, `${path}.marks`);
  if (marks.length > 0) made.marks = marks.map((mark, at) => typed<ContentMark>(mark, `${path}.marks[${at}]`).made);
  const content = list(source.content, `${path}.content`);
  if (content.length > 0) made.content = content.map((child, at) => node(child, `${path}.content[${at}]`, depth + 1));
  return made;
}
