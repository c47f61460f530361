import net from 'node:net';
import type { Duplex } from 'node:stream';

/** Where bytes go: a TCP port of this machine, or a Unix socket. */
export type Upstream = { port: number } | { path: string };

/** What a network can do to connections. `both` ways unless a way is named. */
export type Fault =
  | { kind: 'none' }
  /** Every packet is this late. */
  | { kind: 'latency'; ms: number }
  /** Packets vanish and nobody is told: a cable pulled, a firewall that forgot the connection. New connections hang too. */
  | { kind: 'silence'; way?: 'up' | 'down' };

export type FaultProxy = {
  port: number;
  /** For all connections from now on, the open ones included; bytes that vanished stay vanished. */
  set: (fault: Fault) => void;
  /** Ends all connections in order (FIN). */
  cut: () => void;
  /** Ends all connections without ceremony (RST). */
  reset: () => void;
  /** The side of the server is gone, the client is not told: its connections stay open and silent. */
  halfOpen: () => void;
  connections: () => number;
  close: () => Promise<void>;
};

type Pair = { client: net.Socket; server: net.Socket; abandoned: boolean };

/** A TCP proxy on a free port of the loopback interface that does to its connections what networks do. */
export async function startFaultProxy(upstream: Upstream): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let fault: Fault = { kind: 'none' };
  const carry = (pair: Pair, from: net.Socket, to: Duplex, way: 'up' | 'down'): void => {
    from.on('data', (bytes: Buffer) => {
      if (pair.abandoned) return;
      if (fault.kind === 'silence' && (fault.way ?? way) === way) return;
      if (fault.kind === 'latency') setTimeout(() => to.writable && to.write(bytes), fault.ms);
      else if (to.writable) to.write(bytes);
    });
    from.on('end', () => {
      if (!pair.abandoned) to.end();
    });
    from.on('error', () => {
      if (!pair.abandoned) to.destroy();
    });
    from.on('close', () => {
      if (way === 'up' || !pair.abandoned) pairs.delete(pair);
      if (!pair.abandoned) to.destroy();
    });
  };
  const listener = net.createServer({ allowHalfOpen: true }, (client) => {
    const server = net.connect({ ...upstream, allowHalfOpen: true } as net.NetConnectOpts);
    const pair: Pair = { client, server, abandoned: false };
    pairs.add(pair);
    carry(pair, client, server, 'up');
    carry(pair, server, client, 'down');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const each = (act: (pair: Pair) => void): void => [...pairs].forEach(act);
  return {
    port: (listener.address() as net.AddressInfo).port,
    set: (next) => (fault = next),
    cut: () => each(({ client, server }) => [client, server].forEach((socket) => socket.end())),
    reset: () =>
      each(({ client, server }) => {
        client.resetAndDestroy();
        // A Unix socket knows no RST.
        server.destroy();
      }),
    halfOpen: () =>
      each((pair) => {
        pair.abandoned = true;
        pair.server.destroy();
      }),
    connections: () => pairs.size,
    close: async () => {
      each(({ client, server }) => [client, server].forEach((socket) => socket.destroy()));
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
