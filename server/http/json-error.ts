/** Where a JSON text breaks, as an editor counts: both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close';

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** `[end, true]` of the string literal that opens at `at`, or `[offset of the fault, false]`. */
function scanString(text: string, at: number): [number, boolean] {
  let end = at + 1;
  for (;;) {
    end = endOf(PLAIN_CHARACTERS, text, end);
    if (text[end] === '"') return [end + 1, true];
    const escaped = endOf(ESCAPE, text, end);
    if (escaped === end) return [end, false];
    end = escaped;
  }
}

/**
 * The offset at which `text` stops being JSON (its length when it ends too early), `null` when it is
 * whole. V8 names a position for some mistakes only, and quotes the text instead for the rest.
 * Linear and without recursion, for a body may be large and nested at will.
 */
export function jsonErrorOffset(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(SPACE, text, at);
    const character = text[at];
    if (character === undefined) return expected === ', or close' && open.length === 0 ? null : text.length;
    const inside = open.at(-1);
    const closes =
      (character === '}' && inside === '{' && (expected === 'key or }' || expected === ', or close')) ||
      (character === ']' && inside === '[' && (expected === 'value or ]' || expected === ', or close'));
    if (closes) {
      open.pop();
      expected = ', or close';
      at += 1;
    } else if (expected === ', or close') {
      if (character !== ',' || inside === undefined) return at;
      expected = inside === '{' ? 'key' : 'value';
      at += 1;
    } else if (expected === ':') {
      if (character !== ':') return at;
      expected = 'value';
      at += 1;
    } else if (expected === 'key' || expected === 'key or }') {
      if (character !== '"') return at;
      const [end, whole] = scanString(text, at);
      if (!whole) return end;
      expected = ':';
      at = end;
    } else if (character === '{' || character === '[') {
      open.push(character);
      expected = character === '{' ? 'key or }' : 'value or ]';
      at += 1;
    } else {
      const [end, whole] = character === '"' ? scanString(text, at) : [endOf(SCALAR, text, at), true];
      if (!whole || end === at) return end;
      expected = ', or close';
      at = end;
    }
  }
}

/** An offset as line and column. */
export function textPosition(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
