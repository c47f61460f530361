import { z } from 'zod';
import { families } from './families/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Family } from './graph/family.ts';
import type { Graph } from './graph/graph.ts';
import { sampleGraphs } from './graph/sample-graphs.ts';

const LOWEST = [6, 13, 8] as const;

const schema = z.object({
  properties: z
    .record(z.string(), z.looseObject({ default: z.unknown().optional(), const: z.unknown().optional() }))
    .default({}),
  output: z.object({ $ref: z.string() }).optional(),
});
const document = z.object({ components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }) });

/** Throws `Error` when the version is one we do not know how to drive, or must not: earlier ones fetch addresses inside the network for anybody. */
export function assertVersion(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10));
  const [lowestMajor, lowestMinor, lowestPatch] = LOWEST;
  const isEnough = major === lowestMajor && (minor > lowestMinor || (minor === lowestMinor && patch >= lowestPatch));
  if (!isEnough)
    throw new Error(
      `InvokeAI ${version} is not supported: install ${LOWEST.join('.')} or later of version ${lowestMajor}`,
    );
}

/**
 * Compares the server's own description with every node and field that graphs of the offered models use. Throws `Error` that names what is missing.
 */
export function assertNodes(openapi: unknown, { mains }: Pick<Catalogue, 'mains'>): void {
  const used = families.filter((family) => mains.some((main) => main.family === family));
  const missing = missingNodes(openapi, used);
  if (missing.length > 0) throw new Error(`This InvokeAI lacks what our graphs need: ${missing.join(', ')}`);
}

/** Names of nodes, `node.input` and `node→output` that the graphs of these families use and the description lacks. */
export function missingNodes(openapi: unknown, used: readonly Family[]): string[] {
  const parsed = document.safeParse(openapi);
  if (!parsed.success) return ['a readable /openapi.json'];
  const { schemas } = parsed.data.components;
  const nodes = new Map<string, { inputs: Set<string>; outputs: Set<string> }>();
  for (const candidate of Object.values(schemas)) {
    const node = schema.safeParse(candidate);
    const type = node.data?.properties['type']?.const ?? node.data?.properties['type']?.default;
    if (!node.success || typeof type !== 'string' || !node.data.output) continue;
    const output = schema.safeParse(schemas[node.data.output.$ref.split('/').at(-1) ?? '']);
    nodes.set(type, {
      inputs: new Set(Object.keys(node.data.properties)),
      outputs: new Set(Object.keys(output.data?.properties ?? {})),
    });
  }
  const missing = new Set<string>();
  const need = (type: string, field: string, side: 'inputs' | 'outputs'): void => {
    const node = nodes.get(type);
    if (!node) missing.add(type);
    else if (!node[side].has(field)) missing.add(side === 'inputs' ? `${type}.${field}` : `${type}→${field}`);
  };
  const typeOf = (graph: Graph, id: string): string => graph.nodes[id]?.type ?? id;
  for (const graph of used.flatMap(sampleGraphs)) {
    for (const { type, ...fields } of Object.values(graph.nodes))
      for (const field of Object.keys(fields)) need(type, field, 'inputs');
    for (const { source, destination } of graph.edges) {
      need(typeOf(graph, source.node_id), source.field, 'outputs');
      need(typeOf(graph, destination.node_id), destination.field, 'inputs');
    }
  }
  return [...missing].sort();
}
