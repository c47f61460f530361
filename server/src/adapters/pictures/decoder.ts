/** One decoder process as its parent sees it. */
import { fork } from 'node:child_process';
import type { DecodedPicture } from './decode-picture.ts';
import type { DecodeRequest, DecoderAnswer, DecoderLimits } from './decoder-messages.ts';
import { PictureError } from './port.ts';

export type DecoderOptions = {
  /** The program of the process. */
  entry: URL;
  limits: DecoderLimits;
  /** For one picture, from the moment the decoder has it. */
  timeoutMs: number;
  /** For the process to come up. */
  startTimeoutMs: number;
};

type Outcome = { picture: DecodedPicture } | { error: PictureError };

export type Decoder = {
  /** Rejects with `PictureError('busy')` when the process could not start. */
  ready: Promise<void>;
  /** Decodes one picture; ask for the next only after the answer. `reusable` is false when the process is gone or wants to go. */
  decode(bytes: Uint8Array): Promise<{ outcome: Outcome; reusable: boolean }>;
  /** Ends the process at once; resolves when it is gone. */
  end(): Promise<void>;
};

/** Starts a decoder process. Its death, however it comes, is an answer here and never an exception of its own. */
export function startDecoder(options: DecoderOptions): Decoder {
  const child = fork(options.entry, [JSON.stringify(options.limits)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--max-old-space-size=64'],
    // None of our secrets: a file that takes the decoder over finds nothing. Two arenas keep malloc from growing with threads.
    env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '1' },
  });
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`the decoder ended: ${signal ?? `exit code ${String(code)}`}`));
    child.on('error', (error) => {
      // Not started, or a message did not get through. There is no exit to wait for when there never was a process.
      if (child.pid === undefined) resolve(`the decoder did not start: ${error.message}`);
      else child.kill('SIGKILL');
    });
  });

  /** The next answer; undefined when the time is up (the process is killed); a text when it died before. */
  async function listen(timeoutMs: number): Promise<DecoderAnswer | string | undefined> {
    const { promise: answered, resolve } = Promise.withResolvers<DecoderAnswer | undefined>();
    child.once('message', resolve);
    const timer = setTimeout(() => {
      resolve(undefined);
      child.kill('SIGKILL');
    }, timeoutMs);
    try {
      return await Promise.race([answered, gone]);
    } finally {
      clearTimeout(timer);
      child.removeListener('message', resolve);
    }
  }

  async function start(): Promise<void> {
    const answer = await listen(options.startTimeoutMs);
    if (typeof answer === 'object' && answer.kind === 'ready') return;
    throw new PictureError('busy', typeof answer === 'string' ? answer : 'the decoder did not start in time');
  }

  return {
    ready: start(),
    async decode(bytes) {
      const answer = listen(options.timeoutMs);
      const request: DecodeRequest = { bytes };
      // A message that cannot be sent means the process is going; its end is the answer.
      child.send(request, () => undefined);
      const heard = await answer;
      if (typeof heard !== 'object' || heard.kind === 'ready') {
        const error =
          heard === undefined
            ? new PictureError('timed_out', 'the decoder took too long')
            : new PictureError('corrupt', typeof heard === 'string' ? heard : 'the decoder lost its place');
        return { outcome: { error }, reusable: false };
      }
      if (heard.kind === 'refused') {
        return { outcome: { error: new PictureError(heard.code, heard.message) }, reusable: !heard.retire };
      }
      const { png, width, height, retire } = heard;
      return { outcome: { picture: { png, width, height } }, reusable: !retire };
    },
    async end() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
