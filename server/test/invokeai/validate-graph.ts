import { readFileSync } from 'node:fs';
import type { Graph } from '#adapters/engine/invokeai/graph/graph.ts';

type Field = {
  $ref?: string;
  anyOf?: Field[];
  type?: string;
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  multipleOf?: number;
  orig_required?: boolean;
};
type Schema = { properties: Record<string, Field>; output?: { $ref: string } };

/** Of a real 6.14.2: the nodes that our graphs use and their outputs, without titles and descriptions. */
export const openapi = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')) as {
  components: { schemas: Record<string, Schema> };
};
const { schemas } = openapi.components;
const nodes = new Map(
  Object.values(schemas)
    .filter(({ output }) => output)
    .map((schema) => [schema.properties['type']?.const ?? schema.properties['type']?.default, schema]),
);
const outputsOf = ({ output }: Schema): Record<string, Field> =>
  schemas[output?.$ref.split('/').at(-1) ?? '']?.properties ?? {};

function accepts(field: Field, value: unknown): boolean {
  const { anyOf, ...rest } = field;
  if (anyOf) return anyOf.some((one) => accepts({ ...rest, ...one }, value));
  if (field.enum && !field.enum.includes(value)) return false;
  if (field.$ref !== undefined) return typeof value === 'object' && value !== null;
  if (field.type === 'null') return value === null;
  if (field.type === 'array') return Array.isArray(value);
  if (field.type === 'integer' && !Number.isInteger(value)) return false;
  if (field.type === 'integer' || field.type === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return false;
    const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, multipleOf } = field;
    return (
      value >= minimum && value <= maximum && value > exclusiveMinimum && (!multipleOf || value % multipleOf === 0)
    );
  }
  return field.type === undefined || typeof value === field.type;
}

/** What is wrong with a graph: more than the real server finds, which takes two edges into one input and misses what is absent. */
export function faultsOf({ nodes: drawn, edges }: Graph): string[] {
  const faults: string[] = [];
  const filled = new Set<string>();
  for (const [id, { type, ...fields }] of Object.entries(drawn)) {
    const schema = nodes.get(type);
    if (!schema) faults.push(`${id}: no node ${type}`);
    if (fields.id !== id) faults.push(`${id}: ids must match`);
    for (const [name, value] of Object.entries(fields)) {
      const field = schema?.properties[name];
      if (!field || !accepts(field, value)) faults.push(`${id}.${name}: ${JSON.stringify(value)}`);
      filled.add(`${id}.${name}`);
    }
  }
  for (const { source, destination } of edges) {
    const [from, to] = [nodes.get(drawn[source.node_id]?.type), nodes.get(drawn[destination.node_id]?.type)];
    if (!from || !outputsOf(from)[source.field]) faults.push(`no output ${source.node_id}.${source.field}`);
    const input = `${destination.node_id}.${destination.field}`;
    if (!to?.properties[destination.field]) faults.push(`no input ${input}`);
    if (filled.has(input) && destination.field !== 'item') faults.push(`${input} is filled twice`);
    filled.add(input);
  }
  for (const [id, { type }] of Object.entries(drawn))
    for (const [name, { orig_required: isRequired }] of Object.entries(nodes.get(type)?.properties ?? {}))
      if (isRequired && !filled.has(`${id}.${name}`) && name !== 'is_intermediate')
        faults.push(`${id}.${name} is missing`);
  return faults;
}
