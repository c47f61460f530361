import { createHash } from 'node:crypto';
import type { GenerateSpec, MemoryOptions } from './port.ts';

/** Ways in which real engines have failed; `deaf` hangs and does not hear a cancel either; `unreachable` is an engine that is down, which costs no attempt. */
export const fakeFaults = [
  'crash',
  'hang',
  'deaf',
  'slow',
  'out_of_memory',
  'corrupt_png',
  'wrong_count',
  'unreachable',
] as const;
export type FakeFault = (typeof fakeFaults)[number];

/** Decides the fault of a call; `call` counts from 0, `memory` is how the caller spares it. Null: all goes well. */
export type FaultScript = (spec: GenerateSpec, call: number, memory?: MemoryOptions) => FakeFault | null;

/** Faults in the order of the calls; after the last one all goes well. */
export function faultsInOrder(faults: readonly (FakeFault | null)[]): FaultScript {
  return (_spec, call) => faults[call] ?? null;
}

/** The same faults at the same calls for the same seed: about `rate` (0..1) of them, of the given kinds. */
export function faultsBySeed(seed: number, rate: number, kinds: readonly FakeFault[] = fakeFaults): FaultScript {
  return (_spec, call) => {
    const digest = createHash('sha256').update(`${seed}:${call}`).digest();
    if (digest.readUInt32BE(0) / 2 ** 32 >= rate) return null;
    return kinds[digest.readUInt32BE(4) % kinds.length] ?? null;
  };
}
