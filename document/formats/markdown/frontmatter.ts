/**
 * YAML between `---` at the very start of a Markdown file, as static site generators read it. Unlike
 * a rule there, it begins with a key.
 */
const FRONTMATTER = /^---[ \t]*\n((?:[ \t]*#.*\n)*[\w."'-]+[ \t]*:(?:.|\n)*?)\n---[ \t]*(?:\n|$)/;

/** A Markdown text apart from its frontmatter; `yaml` is `null` without one. */
export function splitFrontmatter(text: string): { yaml: string | null; rest: string } {
  const match = FRONTMATTER.exec(text);
  return match ? { yaml: match[1]!, rest: text.slice(match[0].length) } : { yaml: null, rest: text };
}

/** YAML as frontmatter, or `null` when it would not be read as such. */
export function writeFrontmatter(yaml: string): string | null {
  const written = `---\n${yaml}\n---`;
  const read = splitFrontmatter(written);
  return read.yaml === yaml && read.rest === '' ? written : null;
}
