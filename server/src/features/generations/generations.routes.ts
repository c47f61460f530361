import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { actorOf, admit, callerAt } from '#platform/http/caller.ts';
import { idempotencyOf } from '#platform/http/idempotency.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import { Bytes, WorkspaceQuery } from '#platform/http/schemas.ts';
import { cancelJob } from './cancel-job.ts';
import { createGeneration } from './create-generation.ts';
import { createQuote } from './create-quote.ts';
import { deleteJob } from './delete-job.ts';
import { GenerateBody } from './generate-body.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import {
  AcceptedJob,
  ImageParams,
  Job,
  JobPage,
  JobParams,
  JobsQuery,
  Placement,
  QuoteView,
  Receipt,
} from './generations.schemas.ts';
import { findJob, getJob } from './get-job.ts';
import { getPlacement } from './get-placement.ts';
import { getPreview } from './get-preview.ts';
import { getReceipt } from './get-receipt.ts';
import { listJobs } from './list-jobs.ts';
import { findRecipe, reproduceImage } from './reproduce-image.ts';
import { streamJob } from './stream-job.ts';
import { streamWorkspace } from './stream-workspace.ts';

const read = { access: 'read' } as const;
const ofRequest = ['model_not_found', 'model_not_allowed', 'image_not_found', 'engine_unavailable'] as const;
const ofSubmit = [
  ...ofRequest,
  'email_not_verified',
  'workspace_suspended',
  'api_calls_exhausted',
  'storage_exhausted',
  'credits_held',
  'credits_exhausted',
  'key_budget_exhausted',
  'member_budget_exhausted',
  'quote_expired',
  'quote_mismatch',
  'queue_full',
  'idempotency_key_reused',
  'idempotency_in_progress',
] as const;
const inStream = { description: 'Server-Sent Events', content: { 'text/event-stream': { schema: z.string() } } };

/** Quotes, jobs, their events and receipts. */
export function generationsRoutes(deps: GenerationsDeps): Routes {
  return (app) => {
    addSubmits(app, deps);
    addReads(app, deps);
    addChanges(app, deps);
    addStreams(app, deps);
  };
}

function addSubmits(app: HttpApp, deps: GenerationsDeps): void {
  app.post(
    '/api/v1/quotes',
    {
      config: { access: 'generate', problems: ofRequest },
      schema: {
        operationId: 'createQuote',
        tags: ['generate'],
        summary: 'The price of a request, before it is made',
        body: GenerateBody,
        response: { 200: QuoteView },
      },
    },
    async (request) => createQuote(deps, actorOf(request), request.body),
  );
  app.post(
    '/api/v1/generate',
    {
      config: { access: 'generate', limit: 'submit', problems: ofSubmit },
      schema: {
        operationId: 'generate',
        tags: ['generate'],
        summary: 'Hold the credits and enqueue a job',
        body: GenerateBody,
        response: { 202: AcceptedJob },
      },
    },
    async (request, reply) => {
      const input = { body: request.body, idempotency: idempotencyOf(request), address: request.ip };
      const { response, replayed } = await createGeneration(deps, actorOf(request), input);
      if (replayed) reply.header('idempotent-replayed', 'true');
      return reply.code(202).header('location', `/api/v1/jobs/${response.job_id}`).send(response);
    },
  );
  app.post(
    '/api/v1/images/:image_id/reproduce',
    {
      config: { access: 'generate', limit: 'submit', problems: ofSubmit },
      schema: {
        operationId: 'reproduceImage',
        tags: ['generate'],
        summary: 'A new job of the same recipe, with a verdict on how alike it is',
        params: ImageParams,
        response: { 202: AcceptedJob },
      },
    },
    async (request, reply) => {
      const image = await findRecipe(deps, actorOf(request), request.params.image_id);
      const actor = await callerAt(request, image.workspace_id, 'generate');
      const call = { idempotency: idempotencyOf(request), address: request.ip };
      const { response, replayed } = await reproduceImage(deps, actor, image, call);
      if (replayed) reply.header('idempotent-replayed', 'true');
      return reply.code(202).header('location', `/api/v1/jobs/${response.job_id}`).send(response);
    },
  );
}

function addReads(app: HttpApp, deps: GenerationsDeps): void {
  app.get(
    '/api/v1/jobs',
    {
      config: read,
      schema: {
        operationId: 'listJobs',
        tags: ['generate'],
        summary: 'Jobs of the workspace, newest first',
        querystring: JobsQuery,
        response: { 200: JobPage },
      },
    },
    async (request) => listJobs(deps, actorOf(request), request.query),
  );
  app.get(
    '/api/v1/jobs/:job_id',
    {
      config: read,
      schema: {
        operationId: 'getJob',
        tags: ['generate'],
        summary: 'State, pictures and charge of a job',
        params: JobParams,
        querystring: WorkspaceQuery,
        response: { 200: Job },
      },
    },
    async (request) => getJob(deps, actorOf(request), request.params.job_id),
  );
  app.get(
    '/api/v1/jobs/:job_id/receipt',
    {
      config: read,
      schema: {
        operationId: 'getReceipt',
        tags: ['generate'],
        summary: 'What was computed, charged and paid from',
        params: JobParams,
        querystring: WorkspaceQuery,
        response: { 200: Receipt },
      },
    },
    async (request) => getReceipt(deps, actorOf(request), request.params.job_id),
  );
  app.get(
    '/api/v1/jobs/:job_id/placement',
    {
      config: read,
      schema: {
        operationId: 'getPlacement',
        tags: ['generate'],
        summary: 'Why a job waits, and when it should start',
        params: JobParams,
        querystring: WorkspaceQuery,
        response: { 200: Placement },
      },
    },
    async (request) => getPlacement(deps, actorOf(request), request.params.job_id),
  );
  app.get(
    '/api/v1/jobs/:job_id/preview',
    {
      config: read,
      schema: {
        operationId: 'getPreview',
        tags: ['generate'],
        summary: 'The picture so far (WEBP), while the job runs',
        params: JobParams,
        querystring: WorkspaceQuery.extend({ n: z.string().max(50).optional() }),
        response: { 200: { description: 'WEBP', content: { 'image/webp': { schema: Bytes } } } },
      },
    },
    async (request, reply) => {
      const { body, sizeBytes } = await getPreview(deps, actorOf(request), request.params.job_id);
      return reply
        .headers({ 'content-type': 'image/webp', 'content-length': sizeBytes, 'cache-control': 'private, no-store' })
        .send(body);
    },
  );
}

function addChanges(app: HttpApp, deps: GenerationsDeps): void {
  app.post(
    '/api/v1/jobs/:job_id/cancel',
    {
      config: { access: 'generate' },
      schema: {
        operationId: 'cancelJob',
        tags: ['generate'],
        summary: 'Cancel a job; what has ended stays as it is',
        params: JobParams,
        response: { 200: Job },
      },
    },
    async (request) => cancelJob(deps, await actorAtJob(deps, request, request.params.job_id), request.params.job_id),
  );
  app.delete(
    '/api/v1/jobs/:job_id',
    {
      config: { access: 'generate', problems: ['job_not_ended'] },
      schema: {
        operationId: 'deleteJob',
        tags: ['generate'],
        summary: 'Delete words and pictures of an ended job; the amounts stay',
        params: JobParams,
        response: { 204: z.null().describe('Deleted') },
      },
    },
    async (request, reply) => {
      await deleteJob(deps, await actorAtJob(deps, request, request.params.job_id), request.params.job_id);
      return reply.code(204).send(null);
    },
  );
}

function addStreams(app: HttpApp, deps: GenerationsDeps): void {
  app.get(
    '/api/v1/jobs/:job_id/events',
    {
      config: read,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamJob',
        tags: ['generate'],
        summary: 'Live: status, progress, preview, done',
        params: JobParams,
        querystring: WorkspaceQuery,
        response: { 200: inStream },
      },
    },
    async (request, reply) => {
      const job = await findJob(deps, actorOf(request), request.params.job_id);
      watchOut(
        request,
        streamJob(deps, job, reply.openStream(), () => mayRead(request, job.workspace_id)),
      );
      return reply;
    },
  );
  app.get(
    '/api/v1/events',
    {
      config: read,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamWorkspace',
        tags: ['generate'],
        summary: 'Live: all jobs of the workspace',
        querystring: WorkspaceQuery,
        response: { 200: inStream },
      },
    },
    async (request, reply) => {
      const { workspaceId } = actorOf(request);
      const lastEventId = request.headers['last-event-id'];
      const since = typeof lastEventId === 'string' ? lastEventId : undefined;
      const streamDeps = { ...deps, nowMs: deps.clock.nowMs };
      watchOut(
        request,
        streamWorkspace(streamDeps, workspaceId, since, reply.openStream(), () => mayRead(request, workspaceId)),
      );
      return reply;
    },
  );
}

/** The caller in the workspace of a job they may change. */
async function actorAtJob(deps: GenerationsDeps, request: FastifyRequest, jobId: string): Promise<Actor> {
  const job = await findJob(deps, actorOf(request), jobId);
  return callerAt(request, job.workspace_id, 'generate');
}

/** False when the caller has lost the right to read; a database that is away changes nothing. */
async function mayRead(request: FastifyRequest, workspaceId: string): Promise<boolean> {
  try {
    admit(await request.actorIn(workspaceId), 'read');
    return true;
  } catch (error) {
    return !(error instanceof AppError);
  }
}

/** A stream that fails has no answer left to fail with: its reader connects again. */
const watchOut = (request: FastifyRequest, streaming: Promise<void>): void =>
  void streaming.catch((error: unknown) => request.log.warn({ err: error }, 'stream ended by an error'));
