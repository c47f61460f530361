import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A port on loopback for an embedded part: the one of the last start while it is free, so that open pages go on working, else a new one. */
export async function keepPort(dataDir: string, name: string): Promise<number> {
  const file = path.join(dataDir, `${name}.port`);
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = (await tryPort(Number.isInteger(last) && last < 65_536 ? last : 0)) ?? (await tryPort(0));
  if (port === undefined) throw new Error('No port of the loopback interface is free.');
  writeFileSync(file, String(port));
  return port;
}

function tryPort(wanted: number): Promise<number | undefined> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
