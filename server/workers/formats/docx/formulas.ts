import { fromHtml as parse } from 'hast-util-from-html';
import { find } from '../../../../document/formats/html/elements.ts';
import { latexOfMathml } from '../../../../document/formats/html/latex.ts';
import { writeMathml } from '../../../../document/formats/html/mathml.ts';
import { mathmlOf } from '../../../../document/formats/html/omml.ts';

/** Signs of private use, which mean nothing in a text: they keep the place of a formula, which mammoth drops. */
const [BEGIN, END] = ['\ue0f0', '\ue0f1'];

export interface Formula {
  readonly latex: string;
  readonly isDisplay: boolean;
}

/** A part of a Word document with a sign in place of each formula; the formulas go into the list. */
export function withoutFormulas(xml: string, formulas: Formula[]): string {
  return xml
    .replaceAll(BEGIN, '')
    .replaceAll(END, '')
    .replace(/<m:oMathPara\b[^>]*>([\s\S]*?)<\/m:oMathPara>|<m:oMath\b[^>]*>[\s\S]*?<\/m:oMath>/g, (whole, inner: string | undefined) => {
      const signs = [...(inner ?? whole).matchAll(/<m:oMath\b[^>]*>[\s\S]*?<\/m:oMath>/g)].map(([omath]) => {
        formulas.push({ latex: latexOf(omath), isDisplay: inner !== undefined });
        return `${BEGIN}${formulas.length - 1}${END}`;
      });
      return `<w:r><w:t xml:space="preserve">${signs.join(' ')}</w:t></w:r>`;
    });
}

/** A page with the formulas in place of their signs. */
export function withFormulas(html: string, formulas: readonly Formula[]): string {
  return html.replace(new RegExp(`${BEGIN}(\\d+)${END}`, 'g'), (_sign, number: string) => {
    const formula = formulas[Number(number)];
    if (formula === undefined) return '';
    const source = formula.latex.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    return `<span data-type="${formula.isDisplay ? 'block-math' : 'inline-math'}" data-latex="${source}"></span>`;
  });
}

/** The letters of a formula that has no LaTeX are kept as text. */
function latexOf(omath: string): string {
  // A parser of HTML closes no empty element of another kind.
  const closed = omath.replace(/<(m:\w+)([^>]*)\/>/g, '<$1$2></$1>');
  const element = find(parse(closed, { fragment: true }), ({ tagName }) => tagName === 'm:omath');
  const latex = element === null ? null : latexOfMathml(writeMathml(mathmlOf(element)));
  return latex ?? `\\text{${omath.replace(/<[^>]*>/g, '').replace(/[\\{}$]/g, '')}}`;
}
