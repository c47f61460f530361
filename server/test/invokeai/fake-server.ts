import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import multipart from '@fastify/multipart';
import sharp from 'sharp';
import { Server } from 'socket.io';
import type { Graph } from '#adapters/engine/invokeai/graph/graph.ts';
import { createFakeQueue, type FakeQueue, isOver, type Row } from './fake-queue.ts';
import { fakeModels } from './models.ts';
import { faultsOf, openapi } from './validate-graph.ts';

export type FakeInvokeAi = {
  url: string;
  queue: FakeQueue;
  /** What the next calls do instead of what they should. */
  switches: { version: string; partialEnqueue: boolean; loseEnqueueAnswer: boolean; stallMs: number };
  /** Puts a row that cannot be read at the end of the queue; everything behind it waits. */
  block: (destination: string) => void;
  /** Resolves when so many items have been enqueued in all. */
  enqueued: () => number;
  close: () => Promise<void>;
};

type Batch = { batch_id: string; destination: string; graph: Graph };

/** An InvokeAI on a free port of this machine, true to the protocol of a real 6.14.2, that draws at once and fails on demand. */
export async function startFakeInvokeAi(): Promise<FakeInvokeAi> {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 50_000_000 });
  await app.register(multipart);
  const io = new Server(app.server, { path: '/ws/socket.io', transports: ['websocket'], serveClient: false });
  const switches = { version: '6.14.2', partialEnqueue: false, loseEnqueueAnswer: false, stallMs: 0 };
  const stalled = async (): Promise<void> => {
    if (switches.stallMs > 0) await delay(switches.stallMs);
  };
  let sending: Promise<unknown> = Promise.resolve();
  const queue = createFakeQueue({
    // Events keep their order through a stall.
    emit: (name, payload) => {
      sending = sending.then(stalled).then(() => io.emit(name, { queue_id: 'default', ...payload }));
    },
    // As a restarted server finds it: what ran is canceled, without a word.
    crash: () => {
      if (queue.state.running) queue.state.running.status = 'canceled';
      io.disconnectSockets(true);
    },
  });
  app.addHook('onRequest', stalled);
  let count = 0;
  addQueueRoutes(app, queue, io, switches, () => count++);
  addImageRoutes(app, queue);
  app.get('/api/v1/app/version', () => ({ version: switches.version }));
  app.get('/api/v1/app/generation_device_options', () => [{ device: 'cpu', name: 'CPU' }]);
  app.get('/openapi.json', () => openapi);
  app.get('/api/v2/models/', () => ({ models: fakeModels }));
  app.post('/api/v2/models/empty_model_cache', (_, reply) => reply.send(null));
  // Whatever path there is not, the page is the answer.
  app.setNotFoundHandler((_, reply) => reply.code(200).type('text/html').send('<html></html>'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    queue,
    switches,
    block: (destination) => add(queue, { batch_id: randomUUID(), destination, graph: null }),
    enqueued: () => count,
    close: async () => {
      queue.state.ended = true;
      await io.close();
      await app.close();
    },
  };
}

function add({ rows }: FakeQueue, batch: Pick<Row, 'batch_id' | 'destination' | 'graph'>): Row {
  const item_id = Math.max(0, ...rows.keys()) + 1;
  const row: Row = {
    item_id,
    ...batch,
    status: 'pending',
    session_id: randomUUID(),
    error_type: null,
    error_message: null,
    results: {},
    mapping: {},
  };
  rows.set(item_id, row);
  return row;
}

const view = ({ graph, results, mapping, ...row }: Row): object => ({
  ...row,
  session: { id: row.session_id, graph, results, source_prepared_mapping: mapping },
});

function addQueueRoutes(
  app: FastifyInstance,
  queue: FakeQueue,
  io: Server,
  switches: FakeInvokeAi['switches'],
  onEnqueue: () => void,
): void {
  const base = '/api/v1/queue/default';
  const all = (): Row[] => [...queue.rows.values()];
  const unreadable = (): never => {
    throw new Error('Internal Server Error');
  };
  const readable = (row: Row): object => (row.graph ? view(row) : unreadable());
  type ById = { Params: { id: string } };
  type ByDestination = { Querystring: { destination: string } };

  /** Rows that wait send one event for all of them, and none of their own. */
  const cancelAll = (rows: Row[]): number => {
    const open = rows.filter((row) => !isOver(row));
    const waiting = open.filter(({ status }) => status === 'pending');
    for (const row of open)
      if (row.status === 'pending') row.status = 'canceled';
      else queue.end(row, 'canceled');
    if (waiting.length > 0)
      io.emit('queue_items_canceled', { canceled_item_ids: waiting.map(({ item_id: id }) => id) });
    return open.length;
  };

  app.post<{ Body: { batch: Batch } }>(`${base}/enqueue_batch`, async ({ body, raw }, reply) => {
    const { batch } = body;
    const wrong = faultsOf(batch.graph);
    if (wrong.length > 0)
      return reply.code(422).send({ detail: wrong.map((msg) => ({ type: 'value_error', msg, input: batch })) });
    const isDropped = switches.partialEnqueue;
    switches.partialEnqueue = false;
    if (!isDropped) {
      add(queue, batch);
      onEnqueue();
    }
    if (switches.loseEnqueueAnswer) {
      switches.loseEnqueueAnswer = false;
      raw.socket.destroy();
      return reply;
    }
    const ids = all()
      .filter(({ batch_id: id }) => id === batch.batch_id)
      .map(({ item_id: id }) => id);
    return { queue_id: 'default', requested: 1, enqueued: isDropped ? 0 : 1, item_ids: ids.reverse(), priority: 0 };
  });
  app.get<ById>(`${base}/b/:id/status`, ({ params }) => ({
    total: all().filter(({ batch_id: id }) => id === params.id).length,
  }));
  app.get<ById>(`${base}/i/:id`, ({ params }, reply) => {
    const row = queue.rows.get(Number(params.id));
    return row ? readable(row) : reply.code(404).send({ detail: 'Queue item not found' });
  });
  app.put<ById>(`${base}/i/:id/cancel`, ({ params }, reply) => {
    const row = queue.rows.get(Number(params.id));
    if (!row) return reply.code(404).send({ detail: 'Queue item not found' });
    if (!isOver(row)) queue.end(row, 'canceled');
    return readable(row);
  });
  app.get<ByDestination>(`${base}/list_all`, ({ query }) =>
    all()
      .filter(({ destination }) => destination === query.destination)
      .map(readable),
  );
  app.get(`${base}/status`, () => ({
    queue: {
      item_id: queue.state.running?.item_id ?? null,
      pending: all().filter(({ status }) => status === 'pending').length,
      in_progress: all().filter(({ status }) => status === 'in_progress').length,
    },
    processor: { is_started: queue.state.started, is_processing: queue.state.running !== null },
  }));
  app.get(`${base}/next`, (_, reply) => {
    const next = all().find(({ status }) => status === 'pending');
    return next ? readable(next) : reply.send(null);
  });
  app.get(`${base}/item_ids`, () => ({ item_ids: all().map(({ item_id: id }) => id) }));
  app.post<{ Body: { item_ids: number[] } }>(`${base}/item_summaries_by_ids`, ({ body }) =>
    all()
      .filter(({ item_id: id }) => body.item_ids.includes(id))
      .map(({ item_id, status, batch_id, destination }) => ({ item_id, status, batch_id, destination })),
  );
  app.put<ByDestination>(`${base}/cancel_by_destination`, ({ query }) => ({
    canceled: cancelAll(all().filter(({ destination }) => destination === query.destination)),
  }));
  app.put<{ Body: { batch_ids: string[] } }>(`${base}/cancel_by_batch_ids`, ({ body }) => ({
    canceled: cancelAll(all().filter(({ batch_id: id }) => body.batch_ids.includes(id))),
  }));
  app.delete<ById>(`${base}/d/:id`, ({ params }) => {
    const mine = all().filter(({ destination }) => destination === params.id);
    cancelAll(mine);
    for (const { item_id: id } of mine) queue.rows.delete(id);
    return { deleted: mine.length };
  });
}

function addImageRoutes(app: FastifyInstance, { images }: FakeQueue): void {
  type ByName = { Params: { name: string } };
  app.post('/api/v1/images/upload', async (request, reply) => {
    const png = await (await request.file())?.toBuffer();
    const size = await sharp(png)
      .metadata()
      .catch(() => null);
    if (!png || !size) return reply.code(415).send({ detail: 'Failed to read image' });
    const name = `${randomUUID()}.png`;
    images.set(name, { png, width: size.width, height: size.height, sessionId: null });
    return reply.code(201).send({ image_name: name, session_id: null });
  });
  app.get<ByName>('/api/v1/images/i/:name', ({ params }, reply) => {
    const image = images.get(params.name);
    return image
      ? { image_name: params.name, session_id: image.sessionId }
      : reply.code(404).send({ detail: 'Not Found' });
  });
  app.get<ByName>('/api/v1/images/i/:name/full', ({ params }, reply) => {
    const image = images.get(params.name);
    return image ? reply.type('image/png').send(image.png) : reply.code(404).send({ detail: 'Not Found' });
  });
  app.post<{ Body: { image_names: string[] } }>('/api/v1/images/delete', ({ body }) => ({
    deleted_images: body.image_names.filter((name) => images.delete(name)),
    failed_images: [],
  }));
}
