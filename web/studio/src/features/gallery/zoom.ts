/** How a picture lies in its frame: a scale (1 = fits) and a shift of its middle in CSS pixels. */
export type Zoom = { scale: number; x: number; y: number };
export type Point = { x: number; y: number };
type Box = { width: number; height: number };

export const fitted: Zoom = { scale: 1, x: 0, y: 0 };
const scaleMax = 8;

/** Scales around a point, given from the middle of the frame: what lies under the pointer stays under it. At scale 1 the picture lies in the middle. */
export function zoomAt(zoom: Zoom, factor: number, at: Point, frame: Box): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), scaleMax);
  const by = scale / zoom.scale;
  return clamp({ scale, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by }, frame);
}

/** Moves the picture; it never leaves its frame by more than it hangs over. */
export function pan(zoom: Zoom, by: Point, frame: Box): Zoom {
  return clamp({ scale: zoom.scale, x: zoom.x + by.x, y: zoom.y + by.y }, frame);
}

function clamp({ scale, x, y }: Zoom, frame: Box): Zoom {
  const within = (shift: number, length: number): number => {
    const overhang = (length * (scale - 1)) / 2;
    return Math.min(Math.max(shift, -overhang), overhang) + 0;
  };
  return { scale, x: within(x, frame.width), y: within(y, frame.height) };
}
