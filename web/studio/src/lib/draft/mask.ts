type Brushable = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A line of the brush over the picture; places and radius as shares of its width and height, so that any size on screen draws the same mask. */
export type Stroke = { points: [x: number, y: number][]; radius: number; erase: boolean };

/** Paints strokes white on black (white is repainted): the mask as the API takes it, at the size of the canvas. */
export function paintMask(context: Brushable, strokes: readonly Stroke[]): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) drawStroke(context, stroke, stroke.erase ? '#000' : '#fff');
}

/** Draws one line of the brush in a colour. */
export function drawStroke(context: Brushable, { points, radius }: Stroke, colour: string): void {
  const { width, height } = context.canvas;
  context.strokeStyle = colour;
  context.lineWidth = radius * 2 * width;
  context.beginPath();
  points.forEach(([x, y], at) => context[at === 0 ? 'moveTo' : 'lineTo'](x * width, y * height));
  // A touch without a movement is a dot.
  const [only] = points;
  if (only && points.length === 1) context.lineTo(only[0] * width + 0.01, only[1] * height);
  context.stroke();
}

/** Whether anything is left to repaint. */
export const isEmptyMask = (strokes: readonly Stroke[]): boolean => strokes.every(({ erase }) => erase);
