import type * as native from 'onnxruntime-node';

/** ONNX Runtime, native or in WebAssembly: both have the same interface and read the same files. */
type Onnx = Pick<typeof native, 'InferenceSession' | 'Tensor'>;

async function inWebAssembly(): Promise<Onnx> {
  const onnx = await import('onnxruntime-web');
  // Its threads would need workers that never sleep.
  onnx.env.wasm.numThreads = 1;
  return onnx;
}

/** The native package; where it does not load (another C library, a processor it was not built for), WebAssembly, which is much slower. */
export async function openOnnx(): Promise<Onnx> {
  try {
    return await import('onnxruntime-node');
  } catch {
    return inWebAssembly();
  }
}
