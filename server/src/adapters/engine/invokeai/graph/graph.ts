/** What the server runs: nodes by id, and edges from an output of one to an input of another. Values stand in the nodes, where they are checked. */
export type Graph = { id: string; nodes: Record<string, GraphNode>; edges: GraphEdge[] };
export type GraphNode = { id: string; type: string; is_intermediate: true; use_cache: false } & Record<string, unknown>;
export type GraphEdge = { source: GraphPort; destination: GraphPort };
type GraphPort = { node_id: string; field: string };

export type GraphDraft = {
  graph: Graph;
  add: (id: string, type: string, fields?: Record<string, unknown>) => void;
  /** Joins `from` (`node.output`) to each of `to` (`node.input`). Throws when an input has an edge: the server would take both. */
  join: (from: string, ...to: string[]) => void;
  /** Lets every edge that starts at `from` start at `to` instead. */
  reroute: (from: string, to: string) => void;
};

/** Starts an empty graph. Every node is intermediate, so that a sweep finds all it made, and cached nowhere, so that no tenant gets another's output. */
export function draftGraph(id: string): GraphDraft {
  const graph: Graph = { id, nodes: {}, edges: [] };
  return {
    graph,
    add: (nodeId, type, fields = {}) => {
      graph.nodes[nodeId] = { id: nodeId, type, is_intermediate: true, use_cache: false, ...fields };
    },
    join: (from, ...to) => {
      for (const input of to) {
        const destination = port(input);
        if (graph.edges.some((edge) => isPort(edge.destination, destination)))
          throw new Error(`Two edges lead into ${input}`);
        graph.edges.push({ source: port(from), destination });
      }
    },
    reroute: (from, to) => {
      for (const edge of graph.edges) if (isPort(edge.source, port(from))) edge.source = port(to);
    },
  };
}

const isPort = (a: GraphPort, b: GraphPort): boolean => a.node_id === b.node_id && a.field === b.field;

function port(name: string): GraphPort {
  const [nodeId = '', field = ''] = name.split('.');
  return { node_id: nodeId, field };
}
