import { expect, test } from 'vitest';
import { faultsOf, openapi } from '#test/invokeai/validate-graph.ts';
import { toCatalogue } from '../catalogue.ts';
import { missingNodes } from '../check-server.ts';
import { families } from '../families/index.ts';
import { buildGraph } from './build-graph.ts';
import type { Graph } from './graph.ts';
import { sampleGraphs, sampleRecords, sampleRequest } from './sample-graphs.ts';

/** A graph in few lines: nodes with their values, then edges. */
const toLines = ({ nodes, edges }: Graph): string[] => [
  ...Object.values(nodes).map(({ id, type, is_intermediate: kept, use_cache: cached, ...fields }) => {
    expect([kept, cached]).toEqual([true, false]);
    return `${id} = ${type} ${JSON.stringify(fields)}`;
  }),
  ...edges.map(
    ({ source, destination }) => `${source.node_id}.${source.field} > ${destination.node_id}.${destination.field}`,
  ),
];

test.each(families.map((family) => [family.base, family] as const))(
  'every graph of %s is what a real server accepts, complete, with one edge into each input',
  (_, family) => {
    for (const graph of sampleGraphs(family)) expect(faultsOf(graph)).toEqual([]);
    expect(missingNodes(openapi, [family])).toEqual([]);
  },
);

test.each(families.map((family) => [family.base, family] as const))(
  'the graphs of %s stay as they are',
  (_, family) => {
    expect(sampleGraphs(family).map(toLines)).toMatchSnapshot();
  },
);

test('a server that lacks nodes, fields or outputs is told which', () => {
  const { schemas } = openapi.components;
  const { CompelInvocation: _compel, NoiseInvocation, ...rest } = schemas;
  const noise = { ...NoiseInvocation, properties: { ...NoiseInvocation?.properties } };
  delete noise.properties['use_cpu'];
  const lacking = { components: { schemas: { ...rest, NoiseInvocation: noise } } };
  const sd1 = families.filter(({ base }) => base === 'sd-1');
  expect(missingNodes(lacking, sd1)).toEqual(['compel', 'noise.use_cpu']);
  expect(missingNodes({}, sd1)).toEqual(['a readable /openapi.json']);
});

test('the same request gives the same graph, and only the seed differs between the images of a job', () => {
  const [family] = families;
  if (!family) throw new Error('no family');
  const catalogue = toCatalogue(sampleRecords(family));
  const build = (seed: number): string => JSON.stringify(buildGraph(sampleRequest(family, { seed }), catalogue));
  expect(build(1)).toBe(build(1));
  expect(build(1).replace('"seed":1,', '"seed":2,')).toBe(build(2));
});
