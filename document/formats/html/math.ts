import type { Element } from 'hast';
import { fromHtml as parse } from 'hast-util-from-html';
import type { ContentNode } from '../../content.ts';
import { attribute, find, hasClass, textOf } from './elements.ts';
import { type LatexOf, writeMathml } from './mathml.ts';
import { mathmlOf } from './omml.ts';

/**
 * A formula whose LaTeX stands beside what is drawn (KaTeX, MathJax, Wikipedia, our own HTML), or that is MathML; `null` for
 * anything else.
 */
export function mathOf(element: Element, latexOf: LatexOf): ContentNode | null {
  const isMath =
    element.tagName === 'math' || hasClass(element, 'katex') || hasClass(element, 'katex-display') || hasClass(element, 'mwe-math-element');
  const own = attribute(element, 'dataLatex');
  if (!isMath && own === '') return null;
  const annotation = find(element, (inner) => inner.tagName === 'annotation' && /tex/i.test(attribute(inner, 'encoding')));
  const said = own || (annotation === null ? attribute(element, 'altText') || attribute(element, 'alttext') : textOf(annotation));
  const mathml = element.tagName === 'math' ? element : find(element, ({ tagName }) => tagName === 'math');
  const latex = said.trim() || (mathml === null ? null : latexOf(writeMathml(mathml)));
  if (latex === null || latex === '') return null;
  const isDisplay =
    hasClass(element, 'katex-display') ||
    attribute(element, 'display') === 'block' ||
    attribute(element, 'dataType') === 'block-math' ||
    mathml?.properties.display === 'block';
  return formula(latex, isDisplay);
}

/** The formula in a comment that Word writes for itself; other programs get a picture of it, which follows. `null` for any other comment. */
export function mathOfComment(comment: string, latexOf: LatexOf): ContentNode | null {
  const written = /^\[if gte msEquation 12\]>([\s\S]*)<!\[endif\]$/.exec(comment)?.[1];
  const omath = written === undefined ? null : find(parse(written, { fragment: true }), ({ tagName }) => tagName === 'm:omath');
  const latex = omath === null ? null : latexOf(writeMathml(mathmlOf(omath)));
  return latex === null ? null : formula(latex, /<m:oMathPara\b/i.test(written ?? ''));
}

const formula = (latex: string, isDisplay: boolean): ContentNode =>
  isDisplay ? { type: 'blockMath', attrs: { latex } } : { type: 'inlineMath', attrs: { latex: latex.replace(/\s*\n\s*/g, ' ') } };
