import type { Compared } from './comparison.ts';

/** Who is compared with whom, by their ids. Stock with a database takes part where stock alone does not. */
export const RATIOS: readonly Compared[] = [
  { id: 'inkwire', by: ['stock', 'stock-database'], title: 'Inkwire ÷ stock' },
  { id: 'inkwire-extension', by: ['inkwire'], title: 'one hook ÷ Inkwire' },
  { id: 'inkwire', by: ['beside'], title: 'Inkwire ÷ beside' },
];
