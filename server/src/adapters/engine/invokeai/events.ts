import { io } from 'socket.io-client';
import { z } from 'zod';

const ofItem = { item_id: z.int(), batch_id: z.string() };
const ofNode = { ...ofItem, invocation_source_id: z.string() };
const shapes = {
  queue_item_status_changed: z.object({ ...ofItem, status: z.string() }),
  invocation_started: z.object(ofNode),
  invocation_progress: z.object({
    ...ofNode,
    percentage: z.number().nullish(),
    image: z.object({ dataURL: z.string() }).nullish(),
  }),
  invocation_complete: z.object(ofNode),
  /** Load events name no item: they belong to whatever runs, and a server runs one. */
  model_load_started: z.object({}),
  model_load_complete: z.object({}),
  queue_items_canceled: z.object({ canceled_item_ids: z.array(z.int()).default([]) }),
  queue_cleared: z.object({}),
};

type Shapes = typeof shapes;
export type InvokeAiEvent =
  | { [Name in keyof Shapes]: { name: Name } & z.output<Shapes[Name]> }[keyof Shapes]
  | { name: 'connected' | 'disconnected' };

export type InvokeAiEvents = {
  /** Calls with every event that has the shape we know, until the returned function is called. */
  listen: (listener: (event: InvokeAiEvent) => void) => () => void;
  close: () => void;
};

/**
 * Listens to the server's events, and connects again whenever the connection is lost. Nothing is replayed, so every `connected` asks for a look at REST;
 * what was running at a `disconnected` was not seen.
 */
export function createInvokeAiEvents(url: string): InvokeAiEvents {
  const listeners = new Set<(event: InvokeAiEvent) => void>();
  const tell = (event: InvokeAiEvent): void => {
    for (const listener of listeners) listener(event);
  };
  // By websocket alone: the polling handshake fails for clients that accept compression.
  const socket = io(url, {
    path: '/ws/socket.io',
    transports: ['websocket'],
    reconnectionDelay: 250,
    reconnectionDelayMax: 2_000,
  });
  socket.on('connect', () => {
    socket.emit('subscribe_queue', { queue_id: 'default' });
    tell({ name: 'connected' });
  });
  socket.on('disconnect', () => tell({ name: 'disconnected' }));
  for (const [name, shape] of Object.entries(shapes))
    socket.on(name, (payload: unknown) => {
      const parsed = shape.safeParse(payload);
      if (parsed.success) tell({ name, ...parsed.data } as InvokeAiEvent);
    });
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      socket.close();
    },
  };
}
