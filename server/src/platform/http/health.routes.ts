import { z } from 'zod';
import type { HttpApp } from './route.ts';

/** `down` of database or storage makes the service unhealthy; `engine` and `queue` only tell. */
export type HealthChecks = {
  database: 'ok' | 'down';
  storage: 'ok' | 'down';
  engine: 'ok' | 'starting' | 'down';
  queue: 'ok' | 'down';
};
export type CheckHealth = () => Promise<HealthChecks>;

const Health = z
  .object({
    status: z.enum(['ok', 'down']),
    version: z.string(),
    checks: z.object({ database: z.string(), storage: z.string(), engine: z.string(), queue: z.string() }),
  })
  .meta({ id: 'Health' });
const Alive = z.object({ status: z.literal('ok') });

/** `/health` for people, `/health/live` (the process answers) and `/health/ready` (it can serve) for an orchestrator. */
export function addHealth(app: HttpApp, { version, checkHealth }: { version: string; checkHealth: CheckHealth }): void {
  const config = { access: 'public', limit: 'none' } as const;
  let draining = false;
  app.addHook('preClose', async () => {
    draining = true;
  });
  const answer = async () => {
    const checks = await checkHealth();
    const up = checks.database === 'ok' && checks.storage === 'ok';
    return { up, body: { status: up ? ('ok' as const) : ('down' as const), version, checks } };
  };
  app.get(
    '/health',
    {
      config,
      schema: {
        operationId: 'getHealth',
        tags: ['service'],
        summary: 'Is the service up?',
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const { up, body } = await answer();
      return reply
        .code(up ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(body);
    },
  );
  app.get(
    '/health/live',
    {
      config,
      schema: {
        operationId: 'getLiveness',
        tags: ['service'],
        summary: 'Does the process answer?',
        response: { 200: Alive },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/health/ready',
    {
      config,
      schema: {
        operationId: 'getReadiness',
        tags: ['service'],
        summary: 'Can it take requests?',
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const { up, body } = await answer();
      return reply
        .code(up && !draining ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(body);
    },
  );
}
