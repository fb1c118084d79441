import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a process and its database, and fails as networks do. */
export interface DatabaseProxy {
  /** The database as it is reached through the proxy. */
  url: string;
  /** Cuts every connection and refuses new ones until `restore`. */
  goAway(): void;
  restore(): void;
  /**
   * Cuts the connection on which the client next sends this text, when the server has answered and before the client hears it:
   * the statement has taken effect, and nobody knows. Resolves when that has happened.
   */
  loseAnswerTo(text: string): Promise<void>;
  close(): Promise<void>;
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let away = false;
  let trap: { text: string; sprung: PromiseWithResolvers<void> } | undefined;

  const server = createServer((client) => {
    if (away) return void client.destroy();
    const database = connect(Number(target.port), target.hostname);
    let losing: PromiseWithResolvers<void> | undefined;
    const cut = () => {
      client.destroy();
      database.destroy();
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (data) => {
      if (trap && data.includes(trap.text)) {
        losing = trap.sprung;
        trap = undefined;
      }
      database.write(data);
    });
    database.on('data', (data) => {
      if (!losing) return void client.write(data);
      cut();
      losing.resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';

  return {
    url: url.href,
    goAway() {
      away = true;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      away = false;
    },
    loseAnswerTo(text) {
      const sprung = Promise.withResolvers<void>();
      trap = { text, sprung };
      return sprung.promise;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
