import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/viewer.ts';
import type { Connection } from '../context.ts';

/** What a transport knows of an operation: who asks; HTTP its request and response, WebSocket its connection. */
export interface TransportContext {
  viewer?: Viewer;
  req?: IncomingMessage;
  res?: ServerResponse;
  connection?: Connection;
}
