import type { MarkdownIt, StateInline } from 'markdown-it';

/** Addresses without signs around them are links (GFM, 6.9): `www.`, `http://`, `https://` and e-mail; an escaped one is not. */
export function addresses(md: MarkdownIt): void {
  md.inline.ruler.at('text', text);
  md.inline.ruler.before('text', 'addresses', address);
}

/** Where text may stop: at a sign of another rule, or where an address may begin. */
const STOP = /[\n!$&*<[\\\]_`~]|www\.|https?:\/\/|(?<![\w.+-])[\w.+-]+@/gi;

function text(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  STOP.lastIndex = pos;
  const end = Math.min(STOP.exec(src)?.index ?? posMax, posMax);
  if (end === pos) return false;
  if (!silent) state.pending += src.slice(pos, end);
  state.pos = end;
  return true;
}

const WEB = /(www\.|https?:\/\/)([^\s<]+)/iy;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[\w-]*[a-z](?![\w-])/iy;

function address(state: StateInline, silent: boolean): boolean {
  // Nor while the end of a link or image is looked for: what is in one is no link.
  if (silent || state.linkLevel > 0) return false;
  const found = webAt(state) ?? emailAt(state);
  if (found === null) return false;
  state.pos += found.text.length;
  const open = state.push('link_open', 'a', 1);
  open.attrs = [['href', found.href]];
  state.push('text', '', 0).content = found.text;
  state.push('link_close', 'a', -1);
  return true;
}

interface Address {
  readonly text: string;
  readonly href: string;
}

function webAt({ src, pos, posMax }: StateInline): Address | null {
  const before = src[pos - 1] ?? ' ';
  WEB.lastIndex = pos;
  const [written, start, rest] = WEB.exec(src.slice(0, posMax)) ?? [];
  if (written === undefined || rest === undefined) return null;
  const isPlain = start === undefined || start.toLowerCase() === 'www.';
  if (isPlain ? !/[\s(*_~[\]]/.test(before) : /[a-z]/i.test(before)) return null;
  const kept = withoutTrail(rest);
  if (!isDomain(kept)) return null;
  const text = `${start}${kept}`;
  return { text, href: isPlain ? `http://${text}` : text };
}

/** An address without what belongs to the sentence or the link around it. */
function withoutTrail(address: string): string {
  let end = address.search(/\](?=[!"'),.:;?*_~]*(?:[[(]|$))/);
  if (end < 0) end = address.length;
  const opened = count(address.slice(0, end), '(');
  let closed = count(address.slice(0, end), ')');
  for (;;) {
    const last = address[end - 1] ?? '';
    if (/[!"'*,.:?_~]/.test(last)) end--;
    else if (last === ')' && closed > opened) {
      end--;
      closed--;
    } else if (last === ';') end -= /&[a-z\d]+;$/i.exec(address.slice(Math.max(0, end - 40), end))?.[0].length ?? 1;
    else return address.slice(0, end);
  }
}

const count = (text: string, sign: string) => text.split(sign).length - 1;

/** Whether an address begins with a domain, whose last two parts hold no underscore. */
function isDomain(address: string): boolean {
  const [domain = ''] = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*/u.exec(address) ?? [];
  return domain !== '' && !domain.split('.').slice(-2).join('').includes('_');
}

function emailAt({ src, pos, posMax }: StateInline): Address | null {
  if (/[\w.+/-]/.test(src[pos - 1] ?? ' ')) return null;
  EMAIL.lastIndex = pos;
  const [text] = EMAIL.exec(src.slice(0, posMax)) ?? [];
  return text === undefined ? null : { text, href: `mailto:${text}` };
}
