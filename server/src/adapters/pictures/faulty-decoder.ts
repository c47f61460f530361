/** For tests: a decoder process that does what the first byte of a picture tells it. */
import type { DecodeRequest, DecoderAnswer, DecoderLimits } from './decoder-messages.ts';
import { dieAboveRss } from './die-above-rss.ts';

/** What a test writes into the first byte. */
export const faults = { none: 0, exit: 1, kill: 2, hang: 3, grow: 4, refuse: 5, retire: 6 } as const;

const kept: Buffer[] = [];

/** The answer tells the process id as the width. */
function act(fault: number | undefined): void {
  const tell = (answer: DecoderAnswer) => process.send?.(answer);
  const decoded = { kind: 'decoded', png: Buffer.of(fault ?? 0), width: process.pid, height: 1 } as const;
  switch (fault) {
    case faults.exit:
      return process.exit(3);
    case faults.kill:
      process.kill(process.pid, 'SIGKILL');
      return;
    case faults.hang:
      return;
    case faults.grow:
      setInterval(() => kept.push(Buffer.alloc(10_000_000, 1)), 1);
      return;
    case faults.refuse:
      tell({ kind: 'refused', code: 'animated', message: 'told to', retire: false });
      return;
    default:
      tell({ ...decoded, retire: fault === faults.retire });
  }
}

// Imported by the test for the names of the faults, started as a process for the deeds.
if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  dieAboveRss((JSON.parse(process.argv[2] ?? '') as DecoderLimits).rssBytesMax);
  process.on('message', ({ bytes }: DecodeRequest) => act(bytes[0]));
  process.on('disconnect', () => process.exit(0));
  process.send({ kind: 'ready' } satisfies DecoderAnswer);
}
