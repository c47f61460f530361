import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { CHANNELS, GRID, LATENT, SIDE } from './latent.ts';
import { FEATURES, WORDS_MAX, type Tokens } from './tokenizer.ts';

/** What the text side says about a prompt: a vector, and a canvas (the expected latent) to start from. Row 0 is the prompt, row 1 the negative. */
export type Conditions = { vector: Float32Array; canvas: Float32Array };

export type Sessions = {
  readText: (prompt: Tokens, negative: Tokens, styles: [number, number]) => Promise<Conditions>;
  /** Predicts x0 for `rows` latents that share x and t; `conditions` hold as many rows. */
  denoise: (x: Float32Array, t: number, conditions: Conditions, rows: number) => Promise<Float32Array>;
  /** RGB planes in −1…1 → latent. */
  encode: (planes: Float32Array) => Promise<Float32Array>;
  /** Latent → RGB planes in −1…1. */
  decode: (latent: Float32Array) => Promise<Float32Array>;
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

/** Opens the four parts of the model; about a quarter of a second and 170 MB. Inputs and outputs are described in MODEL_CARD.md. */
export async function openSessions(): Promise<Sessions> {
  const open = (name: string): Promise<InferenceSession> => InferenceSession.create(weights(name), OPTIONS);
  const [text, denoiser, encoder, decoder] = await Promise.all([
    open('text'),
    open('denoiser'),
    open('encoder'),
    open('decoder'),
  ]);
  const tensor = (data: Float32Array, shape: number[]): Tensor => new Tensor('float32', data, shape);
  const latents = (data: Float32Array, rows: number): Tensor => tensor(data, [rows, CHANNELS, GRID, GRID]);
  return {
    async readText(prompt, negative, styles) {
      const ids = new Tensor('int64', BigInt64Array.of(...prompt.ids, ...negative.ids), [2, WORDS_MAX, FEATURES]);
      const style = new Tensor('int64', BigInt64Array.from(styles, BigInt), [2]);
      const outputs = await text.run({ ids, style });
      return { vector: floats(outputs, 'vector'), canvas: floats(outputs, 'canvas') };
    },
    async denoise(x, t, { vector, canvas }, rows) {
      const repeated = new Float32Array(rows * LATENT);
      for (let row = 0; row < rows; row++) repeated.set(x, row * LATENT);
      const outputs = await denoiser.run({
        x: latents(repeated, rows),
        canvas: latents(canvas, rows),
        t: tensor(new Float32Array(rows).fill(t), [rows]),
        vector: tensor(vector, [rows, vector.length / rows]),
      });
      return floats(outputs, 'x0');
    },
    async encode(planes) {
      return floats(await encoder.run({ image: tensor(planes, [1, 3, SIDE, SIDE]) }), 'latent');
    },
    async decode(latent) {
      return floats(await decoder.run({ latent: latents(latent, 1) }), 'image');
    },
  };
}
