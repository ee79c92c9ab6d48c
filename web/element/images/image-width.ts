/** The narrowest an image may be made, CSS pixels. */
export const MIN_WIDTH = 48;

/** The share of the column that a key changes the width by. */
const STEP = 0.05;

/** A width within its bounds, whole. */
export function boundedWidth(width: number, column: number): number {
  return Math.round(Math.min(Math.max(width, Math.min(MIN_WIDTH, column)), column));
}

/** The width that a key on the handle asks for; `null` for other keys. */
export function widthByKey(key: string, width: number, column: number, rtl: boolean): number | null {
  const step = Math.max(1, Math.round(column * STEP));
  const [wider, narrower] = rtl ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
  if (key === wider || key === 'ArrowUp') return boundedWidth(width + step, column);
  if (key === narrower || key === 'ArrowDown') return boundedWidth(width - step, column);
  if (key === 'Home') return boundedWidth(0, column);
  return key === 'End' ? boundedWidth(column, column) : null;
}

/**
 * The width while the handle at the end of the line is dragged by `by` pixels towards it. One that stands in the middle grows to both
 * sides, so that the handle stays under the pointer.
 */
export function widthByDrag(by: number, width: number, column: number, centred: boolean): number {
  return boundedWidth(width + by * (centred ? 2 : 1), column);
}

/** What was typed as a width: pixels, or a share of the column; `null` for the picture's own, `undefined` for what is neither. */
export function typedWidth(text: string): number | string | null | undefined {
  if (text === '') return null;
  const [, number = '', unit = ''] = /^(\d{1,5})\s*(px|%)?$/.exec(text) ?? [];
  if (number === '' || Number(number) === 0) return undefined;
  return unit === '%' ? `${Math.min(100, Number(number))}%` : Number(number);
}
