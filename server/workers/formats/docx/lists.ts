import { type ILevelsOptions, type INumberingOptions, LevelFormat, LevelSuffix } from 'docx';
import { INDENT } from './styles.ts';

const LEVELS = 9;
const BULLETS = ['•', '◦', '▪'];

const LETTERS: Readonly<Record<string, ILevelsOptions['format']>> = {
  a: LevelFormat.LOWER_LETTER,
  A: LevelFormat.UPPER_LETTER,
  i: LevelFormat.LOWER_ROMAN,
  I: LevelFormat.UPPER_ROMAN,
};

/** The lists of a file: Word keeps how each is numbered apart from its items. */
export class Lists {
  readonly bullets = 'bullets';
  readonly tasks = 'tasks';
  /** The languages of code, each a style of the file. */
  readonly languages = new Set<string>();
  readonly #ordered: INumberingOptions['config'][number][] = [];

  /** How the items of one ordered list are numbered, within `depth` others. */
  ordered(
    { start = 1, type }: Readonly<Record<string, unknown>>,
    depth: number,
  ): { readonly reference: string; readonly instance: number } {
    const reference = `ordered-${this.#ordered.length + 1}`;
    const format = LETTERS[String(type)] ?? LevelFormat.DECIMAL;
    this.#ordered.push({
      reference,
      levels: levels((level) => ({ format, text: `%${level + 1}.`, start: level === depth ? Number(start) : 1 })),
    });
    return { reference, instance: 0 };
  }

  /** All of them, once the whole document is written. */
  options(): INumberingOptions {
    const bullets = levels((level) => ({ format: LevelFormat.BULLET, text: BULLETS[level % BULLETS.length]! }));
    // A task's box is a part of its text: its mark is nothing.
    const tasks = levels(() => ({ format: LevelFormat.BULLET, text: '\u200b', suffix: LevelSuffix.NOTHING }));
    return { config: [{ reference: this.bullets, levels: bullets }, { reference: this.tasks, levels: tasks }, ...this.#ordered] };
  }
}

function levels(of: (level: number) => Pick<ILevelsOptions, 'format' | 'text' | 'start' | 'suffix'>): ILevelsOptions[] {
  return Array.from({ length: LEVELS }, (_, level) => ({
    level,
    ...of(level),
    alignment: 'left',
    style: { paragraph: { indent: { left: (level + 1) * INDENT, hanging: INDENT } } },
  }));
}
