import { fileURLToPath } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { CELLS, CHANNELS, GRID, LATENT, PLAN_CHANNELS, SIDE } from './latent.ts';
import { type PlacedObject, toTheta } from './layout.ts';
import { openOnnx } from './onnx.ts';

/** What a picture shall show. `style` and `ground` are rows of the model's tables; no objects = nothing said. */
type Description = { objects: PlacedObject[]; style: number; ground: number };

/** What a step needs to know, computed once a picture: the refined plan, the expected latent, and a vector for the whole. */
export type Conditions = { plan: Float32Array; canvas: Float32Array; vector: Float32Array };

export type Sessions = {
  plan: (description: Description) => Promise<Conditions>;
  /** Predicts x0 for one latent under each of the conditions. */
  denoise: (x: Float32Array, t: number, conditions: Conditions[]) => Promise<Float32Array>;
  /** RGB planes in −1…1 → latent. */
  encode: (planes: Float32Array) => Promise<Float32Array>;
  /** Latent → RGB planes in −1…1. */
  decode: (latent: Float32Array) => Promise<Float32Array>;
  /** RGB planes in −1…1 of a canvas → the same at twice the side. */
  enlarge: (planes: Float32Array) => Promise<Float32Array>;
};

const weights = (name: string): string => fileURLToPath(new URL(`../weights/${name}.onnx`, import.meta.url));

/**
 * Threads that wait must sleep: spinning costs 1.6 times the CPU for no gain (measured: 290 against 185 CPU-ms a picture),
 * and the database on the same machine needs it.
 */
const OPTIONS = {
  intraOpNumThreads: 2,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} satisfies InferenceSession.SessionOptions;

function floats(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The model gave no ${name}`);
  return data;
}

const AREA = CELLS * CELLS;

/** Lays objects over each other, later ones on top (Porter and Duff's "over", premultiplied). */
function merge(
  features: Float32Array,
  cover: Float32Array,
  count: number,
): { merged: Float32Array; covered: Float32Array } {
  const merged = new Float32Array(PLAN_CHANNELS * AREA);
  const covered = new Float32Array(AREA);
  for (let object = 0; object < count; object++)
    for (let cell = 0; cell < AREA; cell++) {
      const share = cover[object * AREA + cell] ?? 0;
      covered[cell] = share + (covered[cell] ?? 0) * (1 - share);
      for (let channel = 0; channel < PLAN_CHANNELS; channel++) {
        const at = channel * AREA + cell;
        merged[at] = share * (features[object * PLAN_CHANNELS * AREA + at] ?? 0) + (merged[at] ?? 0) * (1 - share);
      }
    }
  return { merged, covered };
}

const together = (parts: Float32Array[]): Float32Array => {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Opens the parts of the model. Inputs and outputs are described in MODEL_CARD.md. */
export async function openSessions(): Promise<Sessions> {
  const onnx = await openOnnx();
  const open = (name: string): Promise<InferenceSession> => onnx.InferenceSession.create(weights(name), OPTIONS);
  const [objects, canvas, denoiser, encoder, decoder, upscaler] = await Promise.all(
    ['objects', 'canvas', 'denoiser', 'encoder', 'decoder', 'upscaler'].map(open),
  );
  if (!objects || !canvas || !denoiser || !encoder || !decoder || !upscaler) throw new Error('The model is incomplete');
  const tensor = (data: Float32Array, shape: number[]): Tensor => new onnx.Tensor('float32', data, shape);
  const rows = (values: number[]): Tensor =>
    new onnx.Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
  const picture = (planes: Float32Array): Tensor => tensor(planes, [1, 3, SIDE, SIDE]);
  return {
    async plan({ objects: placed, style, ground }) {
      let features = new Float32Array(0);
      let cover = new Float32Array(0);
      if (placed.length > 0) {
        const outputs = await objects.run({
          thing: rows(placed.map(({ thing }) => thing)),
          hue: rows(placed.map(({ hue }) => hue)),
          style: rows(placed.map(() => style)),
          theta: tensor(Float32Array.from(placed.flatMap(({ place }) => toTheta(place))), [placed.length, 2, 3]),
        });
        features = Float32Array.from(floats(outputs, 'features'));
        cover = Float32Array.from(floats(outputs, 'cover'));
      }
      const { merged, covered } = merge(features, cover, placed.length);
      const outputs = await canvas.run({
        features: tensor(merged, [1, PLAN_CHANNELS, CELLS, CELLS]),
        cover: tensor(covered, [1, 1, CELLS, CELLS]),
        style: rows([style]),
        ground: rows([ground]),
      });
      return { plan: floats(outputs, 'plan'), canvas: floats(outputs, 'canvas'), vector: floats(outputs, 'vector') };
    },
    async denoise(x, t, conditions) {
      const n = conditions.length;
      const plan = together(conditions.map((each) => each.plan));
      const vector = together(conditions.map((each) => each.vector));
      const outputs = await denoiser.run({
        x: tensor(together(conditions.map(() => x)), [n, CHANNELS, GRID, GRID]),
        canvas: tensor(together(conditions.map((each) => each.canvas)), [n, CHANNELS, GRID, GRID]),
        plan: tensor(plan, [n, plan.length / n / AREA, CELLS, CELLS]),
        t: tensor(new Float32Array(n).fill(t), [n]),
        vector: tensor(vector, [n, vector.length / n]),
      });
      return floats(outputs, 'x0');
    },
    async encode(planes) {
      return floats(await encoder.run({ image: picture(planes) }), 'latent');
    },
    async decode(latent) {
      return floats(await decoder.run({ latent: tensor(latent, [1, LATENT / GRID / GRID, GRID, GRID]) }), 'image');
    },
    async enlarge(planes) {
      return floats(await upscaler.run({ image: picture(planes) }), 'large');
    },
  };
}
