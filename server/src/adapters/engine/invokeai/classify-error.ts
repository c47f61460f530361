import { EngineError } from '../port.ts';

/** How a failed item names its failure: the class of the exception and its text. The text may be empty, huge, or hold paths and words of a prompt. */
export type ItemFailure = { type: string | null | undefined; message: string | null | undefined };

const outOfMemory =
  /out of memory|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED|OUT_OF_DEVICE_MEMORY|can't allocate memory|not enough memory/i;
const deviceFault = /CUDA error|illegal memory access|device-side assert|launch failure|uncorrectable ECC/i;
const noModel = /^Unknown model|model not found/i;
const wrongShape = /Incompatible .*shapes|submodel is not available|No VAE source|NoneType' is not iterable/i;

const invalidTypes = new Set([
  'MissingInputException',
  'RequiredConnectionException',
  'NodeInputError',
  'ImageRecordNotFoundException',
  'ImageFileNotFoundException',
  'AssertionError',
  'ValidationError',
]);

/** Longer texts say no more, and their search costs time. */
const TEXT_READ = 10_000;

/**
 * What a failed item means for its job. The server's text is only searched, never passed on: the message of the result is ours, with the class of the
 * exception.
 */
export function classifyError({ type, message }: ItemFailure): EngineError {
  const kind = /^\w{1,80}$/.exec(type ?? '')?.[0] ?? 'an unnamed error';
  const text = (message ?? '').slice(0, TEXT_READ);
  const says = (what: string): string => `${what} (${kind})`;
  if (kind === 'OutOfMemoryError' || kind === 'MemoryError' || outOfMemory.test(text))
    return new EngineError('engine_out_of_memory', says('The device ran out of memory'), { retry: true });
  if (kind === 'AcceleratorError' || deviceFault.test(text))
    return new EngineError('engine_device_fault', says('The device failed'), { retry: true, quarantine: true });
  if (kind === 'OSError' && /No space left|Errno 28/i.test(text))
    return new EngineError('engine_disk_full', says('The disk of the server is full'), {
      retry: true,
      quarantine: true,
    });
  if (kind === 'UnknownModelException' || kind === 'OfflineModeIsEnabled' || noModel.test(text))
    return new EngineError('engine_model_missing', says('The server lacks a model or a part of it'), { retry: false });
  if (invalidTypes.has(kind) || wrongShape.test(text))
    return new EngineError('engine_invalid_request', says('The model cannot do what was asked'), { retry: false });
  return new EngineError('engine_failed', says('The server failed'), { retry: true });
}
