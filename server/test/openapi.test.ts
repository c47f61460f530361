import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemStatus } from '#platform/errors.ts';
import { openApiDocument } from '../src/main/document.ts';

type Operation = {
  operationId?: string;
  tags?: string[];
  summary?: string;
  security?: unknown[];
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
};
type Document = {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { enum?: string[]; properties?: Record<string, unknown> }> };
};

let text = '';
let document: Document;
let operations: [string, Operation][];
beforeAll(async () => {
  text = await openApiDocument();
  document = JSON.parse(text) as Document;
  operations = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${url}`, operation]),
  );
});

describe('the document', () => {
  test('is the one committed: run `npm run openapi` after a change of the contract', () => {
    expect(readFileSync(path.join(import.meta.dirname, '../../sdk/openapi.json'), 'utf8')).toBe(text);
  });

  test('is OpenAPI 3.1 and every reference in it leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(20);
    for (const name of new Set(names)) expect(document.components.schemas).toHaveProperty([name!]);
  });

  test('gives every route one operation id, a known tag, a summary, who may call it and its refusals', () => {
    const ids = operations.map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map((tag) => tag.name);
    for (const [name, operation] of operations) {
      expect.soft(operation.operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
      expect.soft(operation.summary, name).toBeTruthy();
      expect.soft(operation.security, name).toBeDefined();
      expect.soft(tags, name).toContain(operation.tags?.[0]);
      const refusals = Object.entries(operation.responses).filter(
        ([, { content }]) => content?.['application/problem+json'],
      );
      expect
        .soft(
          refusals.map(([status]) => status),
          name,
        )
        .toEqual(expect.arrayContaining(['400', '429', '500']));
      for (const [, { content }] of refusals) {
        expect.soft(content?.['application/problem+json']?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
      }
    }
  });

  test('lists every problem code as an enum', () => {
    expect(document.components.schemas['ProblemCode']?.enum?.sort()).toEqual(Object.keys(problemStatus).sort());
  });

  test('names each component once, without the twin of the Zod bridge', () => {
    const names = Object.keys(document.components.schemas);
    expect(names.filter((name) => name.endsWith('Input') && names.includes(name.slice(0, -'Input'.length)))).toEqual(
      [],
    );
    expect(names).toEqual(
      expect.arrayContaining(['GenerateBody', 'Job', 'Quote', 'Receipt', 'Model', 'Image', 'Problem']),
    );
  });

  test('shows no address, secret or route of development', () => {
    expect(text).not.toMatch(/postgres:|127\.0\.0\.1|\/dev\//);
  });
});
