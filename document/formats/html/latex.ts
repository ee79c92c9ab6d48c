import { MathMLToLaTeX } from 'mathml-to-latex';

const FUNCTIONS =
  /(?<![\\a-zA-Z])(sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|sinh|cosh|tanh|log|ln|exp|lim|max|min|sup|inf|det|dim|gcd|ker|deg)(?![a-zA-Z])/g;

/** MathML as LaTeX; `null` where it is none. */
export function latexOfMathml(mathml: string): string | null {
  try {
    // An operator that is meant and not written: "apply", "times", "and".
    const latex = MathMLToLaTeX.convert(mathml.replace(/[\u2061-\u2064]/g, ''));
    return latex.replace(FUNCTIONS, '\\$1').replace(/ {2,}/g, ' ').trim() || null;
  } catch {
    return null;
  }
}
