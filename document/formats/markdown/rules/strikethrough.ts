import type { Delimiter, MarkdownIt, StateInline } from 'markdown-it';

/** Struck text between one or two tildes, as GitHub reads it (GFM, 6.5); the parser's own rule knows two alone. */
export function strikethrough(md: MarkdownIt): void {
  md.inline.ruler.at('strikethrough', tildes);
  md.inline.ruler2.at('strikethrough', pairs);
}

/** What tells pairs of one tilde from pairs of two; no character has these codes. */
const MARKERS = [0, 0x1_0000_7e, 0x2_0000_7e];

function tildes(state: StateInline, silent: boolean): boolean {
  if (silent || state.src[state.pos] !== '~') return false;
  const { length, can_open: open, can_close: close } = state.scanDelims(state.pos, true);
  const marker = MARKERS[length];
  const token = state.push('text', '', 0);
  token.content = '~'.repeat(length);
  if (marker !== undefined) state.delimiters.push({ marker, length: 0, token: state.tokens.length - 1, end: -1, open, close });
  state.pos += length;
  return true;
}

function pairs(state: StateInline): void {
  pairUp(state, state.delimiters);
  for (const meta of state.tokens_meta) if (meta?.delimiters !== undefined) pairUp(state, meta.delimiters);
}

function pairUp(state: StateInline, delimiters: readonly Delimiter[]): void {
  for (const { marker, end, token } of delimiters) {
    if (end === -1 || !MARKERS.includes(marker)) continue;
    Object.assign(state.tokens[token]!, { type: 's_open', tag: 's', nesting: 1, content: '' });
    Object.assign(state.tokens[delimiters[end]!.token]!, { type: 's_close', tag: 's', nesting: -1, content: '' });
  }
}
