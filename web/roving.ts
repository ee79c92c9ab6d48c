/** Where the focus goes in a row or column of controls. */
export type Move = 'next' | 'previous' | 'first' | 'last';

/** The index after a move over `count` controls, going round at the ends. */
export function moved(index: number, count: number, move: Move): number {
  if (count === 0) return -1;
  switch (move) {
    case 'next':
      return (index + 1) % count;
    case 'previous':
      return (index - 1 + count) % count;
    case 'first':
      return 0;
    case 'last':
      return count - 1;
  }
}

/** The move a key asks for; sideways keys follow the reading direction. `null` for other keys. */
export function moveOf(key: string, orientation: 'horizontal' | 'vertical', rtl: boolean): Move | null {
  if (key === 'Home') return 'first';
  if (key === 'End') return 'last';
  if (orientation === 'vertical') return key === 'ArrowDown' ? 'next' : key === 'ArrowUp' ? 'previous' : null;
  if (key === 'ArrowRight') return rtl ? 'previous' : 'next';
  if (key === 'ArrowLeft') return rtl ? 'next' : 'previous';
  return null;
}
