/** Code, whose text is not read. */
const CODE = /(^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\2[`~]*[ \t]*$|`[^`\n]+`)/m;

/** Whether a text has formulas as LaTeX delimits them, which chats answer with. */
export function hasLatexDelimiters(text: string): boolean {
  return /\\\([^\n]+?\\\)|\\\[[\s\S]+?\\\]/.test(text);
}

/** `\( … \)` and `\[ … \]` as the dollars that Markdown has for them; code stays as it is. */
export function withDollars(text: string): string {
  const pieces = text.split(CODE);
  let result = '';
  for (let at = 0; at < pieces.length; at += 3) {
    result += (pieces[at] ?? '')
      .replace(/\\\(\s*([^\n]+?)\s*\\\)/g, (_, latex: string) => `$${latex}$`)
      .replace(/^([ \t]*)\\\[\s*([\s\S]+?)\s*\\\]/gm, (_, indent: string, latex: string) => `${indent}$$\n${indent}${latex}\n${indent}$$`)
      .replace(/\\\[\s*([\s\S]+?)\s*\\\]/g, (_, latex: string) => `$${latex.replace(/\s*\n\s*/g, ' ')}$`);
    // The code itself, and the fence that its pattern remembers.
    result += pieces[at + 1] ?? '';
  }
  return result;
}
