import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/client';
import type { StdioServer } from '@signalbox/core/mcp-servers';
import { allowedEnvironment } from './child-environment.ts';
import { EXECUTOR_MARK } from './mcp-orphans.ts';
import { OutputTail } from './output-tail.ts';
import { ProcessGroup } from './process-group.ts';
import { processName } from './process-stats.ts';

/** A server ends by itself when its input does; one that does not is told to, and ended at last. */
const END_BY_ITSELF_MS = 500;
const END_ON_TERM_MS = 1_500;

/**
 * Speaks with a server by its standard streams, line by line. The server and all that it starts are one process group, which
 * dies with the connection; the library's own transport would end the server alone.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #server: StdioServer;
  readonly #errors = new OutputTail();
  #child: ChildProcess | undefined;
  #group: ProcessGroup | undefined;
  #ended: string | undefined;
  #closing = false;

  constructor(server: StdioServer) {
    this.#server = server;
  }

  /** By these two the library knows that it speaks with a program. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get stderr(): Readable | null {
    return this.#child?.stderr ?? null;
  }

  /** How the server ended, if it has. */
  get ended(): string | undefined {
    return this.#ended;
  }

  async start(): Promise<void> {
    const { args, command, cwd, env } = this.#server;
    const mark = randomUUID();
    const child = spawn(command, args, {
      cwd: resolve(cwd ?? '.'),
      env: { ...allowedEnvironment(), ...env, [EXECUTOR_MARK]: processName(process.pid), SIGNALBOX_PROGRAM_ID: mark },
      detached: true,
      stdio: 'pipe',
    });
    if (child.pid === undefined) {
      const [error] = await once(child, 'error');
      throw error;
    }
    this.#child = child;
    this.#group = new ProcessGroup(child.pid, `SIGNALBOX_PROGRAM_ID=${mark}`);
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stderr.on('data', (chunk: Buffer) => this.#errors.push(chunk)).on('error', () => undefined);
    this.#read(child);
    child.once('exit', (exitCode, signal) => void this.#gone(exitCode, signal));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (!input?.writable) throw new Error('the server has ended');
    if (!input.write(serializeMessage(message)))
      await Promise.race([once(input, 'drain'), once(input, 'close')]).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#child?.stdin?.end();
    if (this.#group && !(await this.#group.emptyWithin(END_BY_ITSELF_MS))) await this.#group.end(END_ON_TERM_MS);
    this.onclose?.();
  }

  #read(child: ChildProcess): void {
    const buffer = new ReadBuffer();
    child.stdout
      ?.on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        try {
          buffer.append(chunk);
        } catch (error) {
          // A message that is larger than the library allows: nothing after it can be trusted.
          this.onerror?.(error as Error);
          void this.close();
          return;
        }
        for (;;) {
          try {
            const message = buffer.readMessage();
            if (message === null) return;
            this.onmessage?.(message);
          } catch (error) {
            // A line that is no message, such as one that the program printed for people.
            this.onerror?.(error as Error);
          }
        }
      });
  }

  async #gone(exitCode: number | null, signal: string | null): Promise<void> {
    const last = this.#errors.text().trimEnd().split('\n').at(-1)?.trim().slice(0, 300);
    const how = signal === null ? `it exited with code ${exitCode}` : `it was ended by the signal ${signal}`;
    this.#ended = last ? `${how}: ${last}` : how;
    await this.close();
  }
}
