import { type CalloutKind, calloutTitle } from '../../../document/nodes/callout.ts';

// Fonts that Word has on every system, and others an equal of.
export const SERIF = 'Cambria';
export const SANS = 'Calibri';
export const MONO = 'Consolas';

/** The colours of callouts, as the page of an export has them. */
export const CALLOUT_COLORS: Readonly<Record<CalloutKind, string>> = {
  note: '2F4BC7',
  tip: '2E7D4F',
  important: '8250DF',
  warning: '9A6700',
  caution: 'C4342D',
};

/** The name of a code block's style: it says the language, which a word processor has no other place for. */
export const codeStyle = (language: string): string => (language === '' ? 'Code' : `Code ${language}`);
export const calloutStyle = (kind: CalloutKind): string => `Callout ${calloutTitle(kind)}`;
