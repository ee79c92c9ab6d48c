import type { ContentMark, ContentNode } from './content.ts';

/** One piece of a line and the marks that are still to be written around it. */
export interface Piece {
  readonly node: ContentNode;
  readonly marks: readonly ContentMark[];
}

export interface NestRules<T> {
  /** Writes a piece, whose marks are only leaf marks; nothing when it went into the one before. */
  leaf(piece: Piece, before: T | undefined): T[];
  wrap(mark: ContentMark, children: T[]): T[];
  /** Marks that `leaf` writes, and that are innermost therefore. */
  isLeafMark?(mark: ContentMark): boolean;
  /** Whether a marked text may begin or end with this piece; else the mark is left off it there. */
  mayEdge?(mark: ContentMark, piece: Piece): boolean;
}

/** Marks stand side by side on each text; trees want them around: of those that begin together, the one that goes furthest is outermost. */
export function nestMarks<T>(pieces: readonly Piece[], rules: NestRules<T>): T[] {
  const line: T[] = [];
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at]!;
    const leafMarks = piece.marks.filter((mark) => rules.isLeafMark?.(mark));
    const candidates = piece.marks
      .filter((mark) => !leafMarks.includes(mark) && (rules.mayEdge?.(mark, piece) ?? true))
      .map((mark) => ({ mark, end: runEnd(pieces, at, mark, rules) }));
    if (candidates.length === 0) {
      for (const made of rules.leaf({ node: piece.node, marks: leafMarks }, line.at(-1))) line.push(made);
      at++;
      continue;
    }
    const { mark, end } = candidates.reduce((longest, candidate) => (candidate.end > longest.end ? candidate : longest));
    const inner = pieces.slice(at, end).map(({ node, marks }) => ({ node, marks: marks.filter((other) => !same(other, mark)) }));
    for (const made of rules.wrap(mark, nestMarks(inner, rules))) line.push(made);
    at = end;
  }
  return line;
}

const same = (a: ContentMark, b: ContentMark) => a.type === b.type && JSON.stringify(a.attrs) === JSON.stringify(b.attrs);

/** Where the run of pieces with a mark ends. A formula cannot carry marks, so that it goes along when the mark continues after it. */
function runEnd<T>(pieces: readonly Piece[], start: number, mark: ContentMark, rules: NestRules<T>): number {
  let end = start;
  for (let at = start; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (piece.marks.some((other) => same(other, mark))) {
      if (rules.mayEdge?.(mark, piece) ?? true) end = at + 1;
    } else if (piece.node.type !== 'inlineMath' || mark.type === 'link') {
      break;
    }
  }
  return end;
}
