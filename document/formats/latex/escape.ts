const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '`': '\\textasciigrave{}',
  "'": '\\textquotesingle{}',
  '[': '{[}',
  ']': '{]}',
  '-': '-{}',
  '\u00a0': '~',
  '\t': ' ',
};

/** Text as LaTeX prints it, letter for letter: no sign of it is a command, and no two signs are joined into another. */
export function escapeLatex(text: string): string {
  // A dash or quote alone is itself; several would be joined.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is dropped.
  const sound = text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/g, '');
  return sound
    .replace(/-(?!-)(?<!--)/g, '\u0001')
    .replace(/[\\{}#$%&_^~<>|"`'[\]\-\u00a0\t]/g, (sign) => SIGNS[sign]!)
    .replaceAll('\u0001', '-');
}

/** An address in an argument of `\href`: what would end it, or begin a comment, is percent-encoded or escaped. */
export function escapeAddress(address: string): string {
  return encodeURI(address.toWellFormed())
    .replaceAll('%25', '%')
    .replace(/[\\{}^~"<>|`]/g, (sign) => encodeURIComponent(sign))
    .replace(/[%#&_$]/g, (sign) => `\\${sign}`);
}
