/**
 * Passes TCP connections from one port of this machine or container on to another one on its loopback address:
 *   node deploy/forward-port.js FROM TO
 * Bytes are passed as they are, so Host headers, WebSockets and event streams reach the API unchanged.
 */
import { connect, createServer } from 'node:net';

const [from, to] = process.argv.slice(2).map(Number);
if (!isPort(from) || !isPort(to)) {
  console.error('Usage: node deploy/forward-port.js FROM TO (two port numbers)');
  process.exit(64);
}

// Each direction ends by itself: a client that has sent everything may still be waiting for its answer.
const server = createServer({ allowHalfOpen: true }, (client) => {
  const target = connect({ host: '127.0.0.1', port: to, allowHalfOpen: true });
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
  client.on('close', () => target.destroy());
  target.on('close', () => client.destroy());
  client.pipe(target).pipe(client);
});
server.on('error', (error) => {
  console.error(`Port ${from} cannot be listened on: ${error.message}`);
  process.exit(1);
});
server.listen(from, () => console.log(`Port ${from} leads to port ${to} of the loopback address`));

/**
 * @param {number | undefined} value
 * @returns {value is number}
 */
function isPort(value) {
  return value !== undefined && Number.isInteger(value) && value > 0 && value < 65_536;
}
