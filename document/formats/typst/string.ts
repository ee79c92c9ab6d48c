/** A string of Typst's: every sign that means something in one is escaped, and no control character is left. */
export function string(text: string): string {
  const escaped = text
    .toWellFormed()
    .replace(/[\\"]/g, '\\$&')
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced.
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`);
  return `"${escaped}"`;
}
