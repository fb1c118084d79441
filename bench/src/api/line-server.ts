import type { Production } from './produced-line.ts';

/** What the servers of the fan-out are asked: to open, which gives their port, and to make lines. */
export type LineServerRequest = { kind: 'open'; databaseUrl: string } | ({ kind: 'produce'; run: number } & Production);
