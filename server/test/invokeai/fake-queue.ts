import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Graph } from '#adapters/engine/invokeai/graph/graph.ts';
import { drawGraph, type StoredImage } from './draw-graph.ts';

/** What goes wrong with the next item. */
export type FakeServerFault =
  | 'double_events'
  | 'out_of_memory'
  | 'empty_error'
  | 'huge_error'
  | 'late_progress'
  | 'crash'
  | 'slow_load'
  | 'hang'
  | 'corrupt_png'
  | 'wrong_count'
  | 'same_image';

export type Row = {
  item_id: number;
  batch_id: string;
  destination: string;
  status: string;
  session_id: string;
  error_type: string | null;
  error_message: string | null;
  /** Null for a row that the server took and cannot read again. */
  graph: Graph | null;
  results: Record<string, { image?: { image_name: string }; expanded_mask_area?: { image_name: string } }>;
  mapping: Record<string, string[]>;
};

export type FakeQueue = ReturnType<typeof createFakeQueue>;

export const isOver = ({ status }: Row): boolean => ['completed', 'failed', 'canceled'].includes(status);

/** The rows of a server and the loop that runs them, one after another, with the events of the real one in its order. */
export function createFakeQueue({ emit, crash }: { emit: (name: string, payload: object) => void; crash: () => void }) {
  const rows = new Map<number, Row>();
  const images = new Map<string, StoredImage>();
  const faults: FakeServerFault[] = [];
  const state = { started: true, running: null as Row | null, ended: false, stepMs: 1, loadMs: 0 };
  const inMemory = new Set<unknown>();
  let lastImage = '';

  const changed = (row: Row): void => {
    const { graph: _graph, results: _results, mapping: _mapping, ...payload } = row;
    emit('queue_item_status_changed', payload);
  };
  const end = (row: Row, status: string, error?: [string, string]): void => {
    Object.assign(row, { status, ...(error && { error_type: error[0], error_message: error[1] }) });
    changed(row);
  };

  async function load(row: Row, fault: FakeServerFault | undefined): Promise<void> {
    const model = JSON.stringify(row.graph?.nodes['model']?.['model'] ?? null);
    emit('model_load_started', { config: {} });
    if (fault === 'slow_load') await delay(120);
    else if (!inMemory.has(model)) await delay(state.loadMs);
    inMemory.add(model);
    emit('model_load_complete', { config: {} });
  }

  async function runNodes(row: Row, graph: Graph, fault: FakeServerFault | undefined): Promise<void> {
    const tell = (name: string, payload: object): void => {
      const times = fault === 'double_events' ? 2 : 1;
      for (let i = 0; i < times; i++)
        emit(name, { item_id: row.item_id, batch_id: row.batch_id, destination: row.destination, ...payload });
    };
    const order = [
      'model',
      'positive',
      'negative',
      'noise',
      'encode',
      'gradient',
      'denoise',
      'decode',
      'fade',
      'output',
    ];
    for (const id of order.filter((name) => graph.nodes[name])) {
      if (isOver(row) && fault !== 'late_progress') return;
      const node = { invocation_source_id: id };
      tell('invocation_started', node);
      if (['positive', 'denoise'].includes(id)) await load(row, fault);
      if (id === 'denoise') {
        const steps = Number(graph.nodes['denoise']?.['steps'] ?? graph.nodes['denoise']?.['num_steps']);
        for (let step = 0; step <= steps; step++) {
          tell('invocation_progress', { ...node, percentage: step / steps, image: { dataURL: previewUrl } });
          await delay(state.stepMs);
          if (fault === 'hang') await untilOver(row);
          if (state.ended || (isOver(row) && fault !== 'late_progress')) return;
          if (fault === 'crash') {
            crash();
            return;
          }
        }
      }
      if (id === 'output') await save(row, graph, fault);
      tell('invocation_complete', node);
    }
  }

  async function save(row: Row, graph: Graph, fault: FakeServerFault | undefined): Promise<void> {
    const drawn = await drawGraph(graph, images);
    const name = fault === 'same_image' ? lastImage : `${randomUUID()}.png`;
    const png = fault === 'corrupt_png' ? drawn.png.subarray(0, drawn.png.length / 2) : drawn.png;
    if (fault !== 'same_image') images.set(name, { ...drawn, png, sessionId: row.session_id });
    lastImage = name;
    if (graph.nodes['gradient']) {
      const area = `${randomUUID()}.png`;
      images.set(area, { ...drawn, sessionId: row.session_id });
      row.results['prepared-0'] = { expanded_mask_area: { image_name: area } };
    }
    row.results['prepared-1'] = { image: { image_name: name } };
    row.mapping['output'] = fault === 'wrong_count' ? [] : ['prepared-1'];
  }

  const untilOver = async (row: Row): Promise<void> => {
    while (!isOver(row) && !state.ended) await delay(5);
  };

  async function run(row: Row): Promise<void> {
    const { graph } = row;
    if (!graph) return;
    const fault = faults.shift();
    row.status = 'in_progress';
    changed(row);
    if (fault === 'out_of_memory') {
      end(row, 'failed', ['OutOfMemoryError', 'CUDA out of memory. Tried 9 GiB']);
      return;
    }
    if (fault === 'empty_error') {
      end(row, 'failed', ['AssertionError', '']);
      return;
    }
    if (fault === 'huge_error') {
      end(row, 'failed', ['Exception', `/secret/path ${'x'.repeat(1_000_000)}`]);
      return;
    }
    await runNodes(row, graph, fault).catch(() => end(row, 'failed', ['ImageRecordNotFoundException', 'not found']));
    if (!isOver(row) && !state.ended) end(row, 'completed');
  }

  const loop = async (): Promise<void> => {
    while (!state.ended) {
      const next = [...rows.values()].find(({ status }) => status === 'pending');
      if (next?.graph && state.started) {
        state.running = next;
        await run(next);
        state.running = null;
      } else await delay(2);
    }
  };
  void loop();
  return { rows, images, faults, state, end };
}

/** One blue pixel, as a real server sends its previews. */
const previewUrl =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==';
