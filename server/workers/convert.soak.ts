import { it } from 'node:test';
import { readsWithinMemory, SHAPES } from './testing/shapes.ts';

for (const shape of SHAPES) {
  it(`[L3] reads ${shape.what} within 400 MB`, () => readsWithinMemory(shape));
}
