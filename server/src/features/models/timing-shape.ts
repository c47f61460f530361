/** What decides how long one image of a model takes. Nothing of the words or pictures is in it. */
export type TimingShape = {
  mode: string;
  /** The canvas with its outpaint, pixels. */
  width: number;
  height: number;
  steps: number;
  scheduler: string;
  guided: boolean;
  loras: number;
  controls: number;
  references: number;
  /** Of an upscale; 1 = none. */
  factor: number;
};

/** The key that measured times are kept under: images with the same key are expected to take the same time on the same device. */
export const timingKey = (shape: TimingShape): string =>
  [
    shape.mode,
    `${shape.width}x${shape.height}`,
    shape.steps,
    shape.scheduler,
    shape.guided ? 'guided' : 'unguided',
    `${shape.loras}l${shape.controls}c${shape.references}r`,
    `x${shape.factor}`,
  ].join(' ');
