import { connect } from './connect.ts';

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly color: string;
}

const { document, awareness } = connect('example/canvas');
const dots = document.getMap<Dot>('dots');
const canvas = globalThis.document.querySelector('canvas')!;
const context = canvas.getContext('2d')!;

function draw(): void {
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (const { x, y, color } of dots.values()) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.fill();
  }
  canvas.dataset.dots = String(dots.size);
}

canvas.addEventListener('pointerdown', ({ offsetX, offsetY }) => {
  const { color } = awareness.getLocalState()!.user as { color: string };
  dots.set(crypto.randomUUID(), { x: offsetX, y: offsetY, color });
});
dots.observe(draw);
draw();
