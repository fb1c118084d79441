/** Counts what clients ask of PostgreSQL, from outside: a relay that reads the messages which pass through it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { MessageReader } from './message-reader.ts';

export interface WireCounts {
  /** Statements executed, prepared or not, BEGIN and COMMIT included. */
  statements: number;
  /** Transactions ended, those of single statements included. */
  transactions: number;
}

export interface WireCounter {
  /** To be used in place of the server's own address. */
  databaseUrl: string;
  /** By the application name that clients give themselves. */
  counts(): Map<string, WireCounts>;
  close(): Promise<void>;
}

const UNNAMED = '(unnamed)';
const IDLE = 'I'.charCodeAt(0);

export async function openWireCounter(databaseUrl: string): Promise<WireCounter> {
  const target = new URL(databaseUrl);
  const counts = new Map<string, WireCounts>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true).on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let own: WireCounts | undefined;
    let isReady = false;
    const fromClient = new MessageReader({
      onStartup(text) {
        const name = applicationName(text);
        own = counts.get(name) ?? { statements: 0, transactions: 0 };
        counts.set(name, own);
      },
      onMessage(type) {
        if (own && (type === 'Q' || type === 'E')) own.statements += 1;
      },
    });
    const fromServer = new MessageReader({
      onMessage(type, firstByte) {
        if (type !== 'Z') return;
        // The first one only ends the login.
        if (own && isReady && firstByte === IDLE) own.transactions += 1;
        isReady = true;
      },
    });
    keep(client);
    keep(upstream);
    client.on('data', (chunk: Buffer) => fromClient.read(chunk)).pipe(upstream);
    upstream.on('data', (chunk: Buffer) => fromServer.read(chunk)).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relayed = new URL(databaseUrl);
  relayed.port = String((server.address() as AddressInfo).port);

  return {
    databaseUrl: relayed.href,
    counts: () => new Map([...counts].map(([name, count]) => [name, { ...count }])),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function applicationName(startup: string): string {
  const fields = startup.split('\0');
  const place = fields.indexOf('application_name');
  return (place === -1 ? undefined : fields[place + 1]) || UNNAMED;
}
