import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CARET_COLORS, caretColorOf, contrast, inkOn, safeColor } from './caret-colors.ts';

// Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
const SIGHT = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};

function seen(color: string, sight: number[]): number[] {
  const linear = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const [r, g, b] = [0, 3, 6].map((row) =>
    clamp(sight[row]! * linear[0]! + sight[row + 1]! * linear[1]! + sight[row + 2]! * linear[2]!),
  ) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe('caret colours', () => {
  it('are twelve six-digit colours', () => {
    assert.equal(new Set(CARET_COLORS).size, 12);
    for (const color of CARET_COLORS) assert.match(color, /^#[0-9a-f]{6}$/);
  });

  it('are seen on light and on dark paper (3:1) and carry their label (4.5:1)', () => {
    for (const color of CARET_COLORS) {
      assert.ok(contrast(color, '#fbfaf7') >= 3, `${color} on light paper`);
      assert.ok(contrast(color, '#161513') >= 3, `${color} on dark paper`);
      assert.ok(contrast(color, inkOn(color)) >= 4.5, `label on ${color}`);
    }
  });

  it('stay apart for every kind of sight', () => {
    for (const [name, sight] of Object.entries(SIGHT)) {
      const points = CARET_COLORS.map((color) => seen(color, sight));
      points.forEach((a, i) => {
        for (const [j, b] of points.slice(0, i).entries()) {
          const apart = Math.hypot(...a.map((value, axis) => value - b[axis]!));
          assert.ok(apart >= 0.05, `${CARET_COLORS[i]} and ${CARET_COLORS[j]} for ${name} eyes: ${apart.toFixed(3)}`);
        }
      });
    }
  });

  it('a person keeps theirs, and people get different ones', () => {
    assert.equal(caretColorOf('ada'), caretColorOf('ada'));
    assert.ok(new Set(Array.from({ length: 200 }, (_, i) => caretColorOf(`user-${i}`))).size === 12);
  });

  it('what a client claims is used only when it is a colour', () => {
    assert.equal(safeColor('#ABCDEF', 'x'), '#abcdef');
    for (const claim of ['red', '#abc', 'url(x)', '#12345g', null, 7]) assert.equal(safeColor(claim, 'x'), caretColorOf('x'));
  });
});
