import { looksLikeMarkdown } from './markdown-likeness.ts';

/** What is on the clipboard, as text of each type; '' for none. */
export interface Clipboard {
  readonly html: string;
  readonly text: string;
  /** What VS Code says of the code it has copied, as JSON. */
  readonly vscode: string;
  /** Whether files lie beside them, such as the picture of a copied part. */
  readonly hasFiles: boolean;
}

/**
 * How something is pasted.
 *
 * - `native`: the editor's own way: what was copied here, or a line of plain text
 * - `html`: as what its HTML means
 * - `markdown`: as what its text means
 * - `code`: as a block of code
 * - `text`: as paragraphs
 */
export type Flavour =
  | { readonly kind: 'native' | 'html' | 'markdown' | 'text' }
  | { readonly kind: 'code'; readonly language: string | null };

/** Which of what is on the clipboard is meant. `plain`: the text alone was asked for. */
export function flavourOf({ html, text, vscode, hasFiles }: Clipboard, plain: boolean): Flavour {
  if (/\sdata-pm-slice=/.test(html) && !plain) return { kind: 'native' };
  if (plain) return { kind: text.includes('\n') ? 'text' : 'native' };
  // Its HTML says the colours of the same text.
  if (vscode !== '') return text.trim().includes('\n') ? { kind: 'code', language: languageOf(vscode) } : { kind: 'native' };
  // A browser that copies a picture puts its address beside the file, which says less.
  if (html !== '') return { kind: hasFiles && isOnlyPicture(html) ? 'native' : 'html' };
  if (looksLikeMarkdown(text)) return { kind: 'markdown' };
  return { kind: text.trim().includes('\n') ? 'text' : 'native' };
}

function languageOf(vscode: string): string | null {
  try {
    const { mode } = JSON.parse(vscode) as { readonly mode?: unknown };
    return typeof mode === 'string' && mode !== 'plaintext' ? mode : null;
  } catch {
    return null;
  }
}

function isOnlyPicture(html: string): boolean {
  const words = html.replace(/<(style|title|head)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, '');
  return words.trim() === '' && (html.match(/<img\b/gi) ?? []).length === 1 && !/<(?:table|hr|math)\b/i.test(html);
}
