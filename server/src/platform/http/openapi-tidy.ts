import { type ProblemCode, problemStatus } from '#platform/errors.ts';

export type OpenApiDocument = { paths?: Record<string, unknown>; components?: { schemas?: Record<string, Schema> } };
type Schema = Record<string, unknown>;

const prefix = '#/components/schemas/';

/** Names each refusal a route can answer, by status. */
export function addProblemResponses(
  response: Record<string, unknown>,
  codes: ProblemCode[],
  problemName: string,
): Record<string, unknown> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(problemStatus[code], [...(byStatus.get(problemStatus[code]) ?? []), code]);
  const problems = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, found]) => [
      String(status),
      {
        description: found
          .sort()
          .map((code) => `\`${code}\``)
          .join(', '),
        content: { 'application/problem+json': { schema: { $ref: `${prefix}${problemName}` } } },
      },
    ]);
  // A route that answers a status of its own (an unhealthy 503) keeps it.
  return { ...(Object.fromEntries(problems) as Record<string, unknown>), ...response };
}

/**
 * The Zod bridge emits every named schema twice (`X` for answers, `XInput` for requests). Keeps what the paths reach, and drops the suffix
 * where only that form is used or both say the same. Bounds of ±2^53 that only repeat "safe integer" go as well.
 */
export function tidyDocument(document: OpenApiDocument): OpenApiDocument {
  const schemas = document.components?.schemas ?? {};
  for (const schema of Object.values(schemas)) dropSafeIntegerBounds(schema);
  dropSafeIntegerBounds(document.paths);
  const reached = new Set<string>();
  const queue: unknown[] = [document.paths];
  for (let part = queue.pop(); part !== undefined; part = queue.pop()) {
    for (const name of refsIn(part)) {
      if (reached.has(name)) continue;
      reached.add(name);
      queue.push(schemas[name]);
    }
  }
  const renames = new Map<string, string>();
  for (const name of reached) {
    const plain = name.endsWith('Input') ? name.slice(0, -'Input'.length) : undefined;
    if (plain === undefined || !(plain in schemas)) continue;
    const same = (text: unknown): string =>
      JSON.stringify(text).replaceAll(/(#\/components\/schemas\/\w+?)Input"/g, '$1"');
    if (!reached.has(plain) || same(schemas[plain]) === same(schemas[name])) renames.set(name, plain);
  }
  const kept: [string, Schema][] = [...reached].sort().map((name) => [renames.get(name) ?? name, schemas[name] ?? {}]);
  const tidy = { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } };
  return JSON.parse(JSON.stringify(tidy), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string' || !value.startsWith(prefix)) return value;
    const name = value.slice(prefix.length);
    return prefix + (renames.get(name) ?? name);
  }) as OpenApiDocument;
}

function refsIn(part: unknown): string[] {
  return [...JSON.stringify(part ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

function dropSafeIntegerBounds(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  const node = part as Record<string, unknown>;
  if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum'];
  if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum'];
  for (const child of Object.values(node)) dropSafeIntegerBounds(child);
}
