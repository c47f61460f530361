import type { EngineModel } from '../../port.ts';
import type { ModelRecord } from '../model-record.ts';

/** How the server names a model in a graph. Only the key is looked up, but nodes read the base too. */
export type ModelName = Pick<ModelRecord, 'key' | 'hash' | 'name' | 'base' | 'type'>;

/** The numbers of a request that a family turns into fields of its denoising node. */
export type DenoiseRequest = { steps: number; guidance: number; scheduler: string; seed: number };

/**
 * What differs between the families of models: node types, the names of their fields, and the limits. `build-graph.ts` knows the rest once. Names of
 * outputs and inputs are the server's.
 */
export type Family = {
  base: string;
  /** Which records are usable by themselves; others of the base are left out of the offer. */
  isUsable: (record: ModelRecord) => boolean;
  loader: string;
  /** The loader's fields besides `model`, or null when the server lacks a part that the model needs. */
  parts: (model: ModelRecord, records: readonly ModelRecord[]) => Record<string, ModelName> | null;
  /** Writes the words: `inputs` are the loader's outputs with the encoder's names for them, `words` the fields that take the prompt. */
  encoder: { type: string; inputs: Record<string, string>; words: string[]; fields?: Record<string, unknown> };
  denoise: {
    type: string;
    /** Outputs of the loader with the denoiser's names for them. */
    inputs: Record<string, string>;
    positive: string;
    /** Null where there is no second prompt; `always`: the node refuses to run without one. */
    negative: { input: string; always: boolean; emptyWords: string } | null;
    /** `noise`: size and seed belong to a node of their own. */
    size: 'noise' | 'denoise';
    fields: (request: DenoiseRequest) => Record<string, unknown>;
    /** Where denoising starts, 0..1, for a strength of 0..1. */
    startOf: (strength: number) => number;
  };
  toLatents: { type: string; fields?: Record<string, unknown> } | null;
  toImage: { type: string; fields?: Record<string, unknown>; canTile: boolean };
  /** `fp32`: the mask node's precision; `unet`: it takes the network too, which real inpainting models need. */
  mask: { fp32: boolean; unet: boolean } | null;
  loras: { loader: string; outputs: string[] } | null;
  controls: { type: string; fields: Record<string, unknown>; vae: boolean } | null;
  /** The reference adapter and the exact name of the image encoder's record, without which the server goes to the internet in mid-job. */
  references: { vision: string; encoderName: string } | null;
  limits: Pick<EngineModel, 'sizes' | 'steps' | 'guidance' | 'schedulers' | 'languages' | 'loadMs' | 'imageMs'>;
};

const square = (side: number): { width: number; height: number } => ({ width: side, height: side });

export const sizesUpTo = (
  max: number,
  { side, multipleOf }: { side: number; multipleOf: number },
): EngineModel['sizes'] => ({ min: square(64), max: square(max), default: square(side), multipleOf });

/** A folder in the diffusers layout brings its text encoders and its decoder with it. */
export const isWholeFolder = ({ format }: ModelRecord): boolean => format === 'diffusers';

/** The strength that people mean: flow models change little before the last fifth of the way. As the server's own page does it. */
export const flowStart = (strength: number): number => 1 - strength ** 0.2;
export const plainStart = (strength: number): number => 1 - strength;

export const nameOf = ({ key, hash, name, base, type }: ModelRecord): ModelName => ({ key, hash, name, base, type });
