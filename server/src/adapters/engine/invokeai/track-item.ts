import type { Phase, PhaseTimings } from '../port.ts';
import type { InvokeAiEvent } from './events.ts';

/** The phase that a node of ours belongs to. */
function phaseOf(nodeId: string): Phase {
  if (['model', 'loras', 'lora_list'].includes(nodeId) || nodeId.startsWith('lora_')) return 'load';
  if (nodeId === 'denoise') return 'denoise';
  return ['output', 'decode', 'fade'].includes(nodeId) ? 'decode' : 'encode';
}

/** A load event comes for models in memory too, a millisecond apart; from here on something was really read. */
const LOAD_SEEN_MS = 50;

const keyOf = { load: 'loadUs', encode: 'encodeUs', denoise: 'denoiseUs', decode: 'decodeUs' } as const;

type Running = {
  nodeId: string;
  phase: Phase;
  startedMs: number;
  seenMs: number;
  gapsMs: number;
  loadingMs: number | null;
};

export type ItemTracker = {
  /** Takes an event of the item, or a load event; true when there is something new to tell. Events that come twice change nothing. */
  note: (event: InvokeAiEvent) => boolean;
  /** Computed so far: finished nodes, and of the running one what was seen of it. */
  timings: () => PhaseTimings;
  phase: () => Phase;
  /** Of the denoising, 0..1. */
  fraction: () => number;
};

/**
 * Adds up what one item computes, from its events as they are received: started to complete of every node, less the gaps in which a model was
 * loaded. What was not seen (a lost event, a lost connection) counts nothing. `upscale` has one node, and that is its drawing.
 */
export function trackItem(nowMs: () => number, { upscale }: { upscale: boolean }): ItemTracker {
  const timings: PhaseTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };
  const seen = new Set<string>();
  let running: Running | null = null;
  let phase: Phase = 'load';
  let fraction = 0;

  const closeGap = (node: Running, atMs: number): void => {
    if (node.loadingMs === null) return;
    const gapMs = atMs - node.loadingMs;
    node.gapsMs += gapMs;
    node.loadingMs = null;
    if (gapMs >= LOAD_SEEN_MS) timings.loadUs += Math.round(gapMs * 1_000);
  };
  const add = (sum: PhaseTimings, node: Running, untilMs: number): void => {
    const us = Math.round((untilMs - node.startedMs - node.gapsMs) * 1_000);
    sum[keyOf[node.phase]] += Math.max(0, node.phase === 'load' && us < LOAD_SEEN_MS * 1_000 ? 0 : us);
  };
  /** True when this has not been heard before. */
  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };

  const start = (nodeId: string): boolean => {
    if (!isNew(`started ${nodeId}`)) return false;
    phase = upscale && nodeId === 'output' ? 'denoise' : phaseOf(nodeId);
    running = { nodeId, phase, startedMs: nowMs(), seenMs: nowMs(), gapsMs: 0, loadingMs: null };
    return true;
  };
  const progress = (nodeId: string, percentage: number | null | undefined): boolean => {
    if (running?.nodeId !== nodeId || !isNew(`progress ${nodeId} ${percentage ?? ''}`)) return false;
    running.seenMs = nowMs();
    if (phase === 'denoise') fraction = Math.max(fraction, Math.min(percentage ?? 0, 1));
    return true;
  };
  const complete = (nodeId: string): boolean => {
    if (running?.nodeId !== nodeId) return false;
    closeGap(running, nowMs());
    add(timings, running, nowMs());
    if (running.phase === 'denoise') fraction = 1;
    running = null;
    return true;
  };

  return {
    note: (event) => {
      switch (event.name) {
        case 'invocation_started':
          return start(event.invocation_source_id);
        case 'invocation_progress':
          return progress(event.invocation_source_id, event.percentage);
        case 'invocation_complete':
          return complete(event.invocation_source_id);
        case 'model_load_started':
          if (running) running.loadingMs ??= nowMs();
          return false;
        case 'model_load_complete':
          if (running) closeGap(running, nowMs());
          return false;
        case 'disconnected':
          running = null;
          return false;
        default:
          return false;
      }
    },
    timings: () => {
      const sum = { ...timings };
      if (running && running.loadingMs === null)
        add(sum, running, Math.max(running.seenMs, running.startedMs + running.gapsMs));
      return sum;
    },
    phase: () => phase,
    fraction: () => fraction,
  };
}
