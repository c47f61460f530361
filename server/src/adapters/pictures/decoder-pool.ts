/** A few decoder processes and the pictures that wait for them. */
import type { DecodedPicture } from './decode-picture.ts';
import { startDecoder, type Decoder, type DecoderOptions } from './decoder.ts';
import { PictureError } from './port.ts';

export type DecoderPoolOptions = DecoderOptions & {
  /** Processes at once, those that are ending included. */
  size: number;
  /** What may wait; beyond either number a picture is refused as `busy`. Memory is the reason: waiting pictures are held in ours. */
  waitingMax: number;
  waitingBytesMax: number;
  /** A decoder without work this long is ended. */
  idleMs: number;
};

export type DecoderPool = {
  /** Throws `PictureError`. */
  decode(bytes: Uint8Array): Promise<DecodedPicture>;
  /** Ends every process and resolves when they are gone; what waits or is being decoded is refused as `busy`. */
  close(): Promise<void>;
};

type Task = { bytes: Uint8Array; resolve: (picture: DecodedPicture) => void; reject: (error: PictureError) => void };

/** Decoders start when there is work. Every accepted picture is answered once, whatever becomes of its decoder. */
export function createDecoderPool(options: DecoderPoolOptions): DecoderPool {
  const waiting: Task[] = [];
  /** Decoders without work, each waiting for a task, or for undefined to end. */
  const idle: ((task: Task | undefined) => void)[] = [];
  const lanes = new Map<Promise<void>, Decoder>();
  let waitingBytes = 0;
  let closed = false;

  /** The life of one process: it takes pictures until it dies, retires or nothing comes. */
  async function runLane(decoder: Decoder): Promise<void> {
    try {
      await decoder.ready;
      let reusable = true;
      while (reusable) {
        const task = takeWaiting() ?? (await nextTask());
        if (task === undefined) return;
        const answer = await decoder.decode(task.bytes);
        reusable = answer.reusable;
        if ('picture' in answer.outcome) task.resolve(answer.outcome.picture);
        else task.reject(closed ? closing() : answer.outcome.error);
      }
    } catch (error) {
      // It never came up. One picture is refused for each failed start, so that nothing waits for ever where nothing can start.
      takeWaiting()?.reject(
        error instanceof PictureError ? error : new PictureError('busy', 'no decoder', { cause: error }),
      );
    } finally {
      await decoder.end();
    }
  }

  function openLane(): void {
    const decoder = startDecoder(options);
    const lane = runLane(decoder).finally(() => {
      lanes.delete(lane);
      if (waiting.length > 0 && !closed) openLane();
    });
    lanes.set(lane, decoder);
  }

  function takeWaiting(): Task | undefined {
    const task = waiting.shift();
    waitingBytes -= task?.bytes.length ?? 0;
    return task;
  }

  async function nextTask(): Promise<Task | undefined> {
    if (closed) return undefined;
    const { promise, resolve } = Promise.withResolvers<Task | undefined>();
    idle.push(resolve);
    const timer = setTimeout(() => {
      const at = idle.indexOf(resolve);
      if (at !== -1) idle.splice(at, 1);
      resolve(undefined);
    }, options.idleMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    decode(bytes) {
      if (closed) return Promise.reject(closing());
      const { promise, resolve, reject } = Promise.withResolvers<DecodedPicture>();
      const task: Task = { bytes, resolve, reject };
      const taker = idle.shift();
      if (taker !== undefined) {
        taker(task);
      } else if (waiting.length >= options.waitingMax || waitingBytes + bytes.length > options.waitingBytesMax) {
        reject(new PictureError('busy', `${waiting.length} pictures wait already`));
      } else {
        waiting.push(task);
        waitingBytes += bytes.length;
        if (lanes.size < options.size) openLane();
      }
      return promise;
    },
    async close() {
      closed = true;
      for (let task = takeWaiting(); task !== undefined; task = takeWaiting()) task.reject(closing());
      for (const taker of idle.splice(0)) taker(undefined);
      await Promise.all([...lanes].map(([lane, decoder]) => decoder.end().then(() => lane)));
    },
  };
}

function closing(): PictureError {
  return new PictureError('busy', 'the decoders are being closed');
}
