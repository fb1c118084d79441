import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findFreePort, isPortFree, requireFreePort } from '../src/port.ts';

test('a busy port is refused with the port, the address and what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await expect(requireFreePort('127.0.0.1', port, 'PORT')).rejects.toThrow(
      `Port ${port} is already in use on 127.0.0.1. Stop the other program or set PORT.`,
    );
    await expect(requireFreePort('127.0.0.1', port)).rejects.toThrow(/Stop the other program\.$/);
    await expect(isPortFree('127.0.0.1', port)).resolves.toBe(false);
  } finally {
    server.close();
    await once(server, 'close');
  }
  await expect(requireFreePort('127.0.0.1', port)).resolves.toBeUndefined();
});

test('an address that this machine does not have is refused with advice', async () => {
  await expect(requireFreePort('203.0.113.7', 4000)).rejects.toThrow(
    'HOST 203.0.113.7 is not an address of this machine',
  );
});

test('a port for the database is free and outside of the range for outgoing connections', async () => {
  const port = await findFreePort('127.0.0.1');
  expect(port).toBeLessThan(32_768);
  await expect(isPortFree('127.0.0.1', port)).resolves.toBe(true);
});
