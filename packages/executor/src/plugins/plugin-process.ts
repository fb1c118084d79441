import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { allowedEnvironment } from '../child-environment.ts';
import { ProcessGroup } from '../process-group.ts';
import { guardGroup } from './guard.ts';
import { MemoryWatch } from './memory-watch.ts';
import { MessageReader } from './message-reader.ts';
import { outputOf } from './plugin-output.ts';
import type {
  HostMessage,
  LoadMessage,
  PluginMessage,
  SecretAnswer,
  SecretQuestion,
  StepMessage,
  Stream,
} from './protocol.ts';
import { MESSAGES_FD, SECRETS_FD } from './protocol.ts';

const MAIN = fileURLToPath(new URL('child/main.ts', import.meta.url));
/** A plugin that takes longer to load is none. */
const LOAD_WITHIN_MS = 10_000;
/** For what a process has said before it ended to be read. */
const LAST_WORDS_MS = 1_000;

/** The executor's end of one step that runs in the process. */
export interface StepSink {
  take(message: StepMessage): void;
  /** What the plugin prints by itself. */
  print(line: string, stream: Stream): void;
  secret(name: string): Promise<SecretAnswer> | SecretAnswer;
  room(): Promise<void> | undefined;
  masked(text: string): string;
  /** The process has ended, and the step has not said how it ended. */
  lose(why: string): void;
}

export interface PluginProcessOptions {
  /** As the settings name it. */
  source: string;
  url: string;
  /** What a step may take on top of what the loaded plugin does. */
  memoryMib: number;
  logger: Logger;
}

/** The process of one plugin, in a process group that dies with it and with this executor. */
export class PluginProcess {
  /** How loading ended. Never rejects. */
  readonly loaded: Promise<LoadMessage>;
  /** Resolves when nothing of it is alive. */
  readonly gone: Promise<void>;
  readonly #options: PluginProcessOptions;
  readonly #child: ChildProcess;
  readonly #messages: Duplex;
  readonly #secrets: Duplex;
  readonly #steps = new Map<number, StepSink>();
  readonly #memory: MemoryWatch | undefined;
  readonly #group: ProcessGroup | undefined;
  readonly #load = Promise.withResolvers<LoadMessage>();
  #lastStep = 0;
  #isGone = false;
  /** Why we ended it, if we did. */
  #reason: string | undefined;
  #saidLast = '';
  /** Of the step that came last: what is said too late is most likely of that. */
  #masked = (text: string) => text;

  constructor(options: PluginProcessOptions) {
    this.#options = options;
    const mark = randomUUID();
    this.#child = spawn(process.execPath, [...nodeFlags(options.memoryMib), MAIN, options.url], {
      env: { ...allowedEnvironment(), ...compileCache(), SIGNALBOX_PROGRAM_ID: mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    // When it could not be started this is told later, and would end the executor if nobody heard it.
    this.#child.on('error', () => undefined);
    this.#messages = duplex(this.#child, MESSAGES_FD);
    this.#secrets = duplex(this.#child, SECRETS_FD);
    const { pid } = this.#child;
    const unguard = pid === undefined ? () => undefined : guardGroup(pid);
    if (pid !== undefined) {
      this.#group = new ProcessGroup(pid, `SIGNALBOX_PROGRAM_ID=${mark}`);
      this.#memory = new MemoryWatch(pid, options.memoryMib, () => this.kill(tooMuchMemory(options.memoryMib)));
      this.#memory.start();
    }
    this.#listen();
    this.loaded = this.#load.promise;
    this.gone = this.#end().finally(unguard);
    const timer = setTimeout(
      () => this.kill(`did not finish loading within ${LOAD_WITHIN_MS / 1_000} s`),
      LOAD_WITHIN_MS,
    );
    void this.loaded.then(() => {
      clearTimeout(timer);
      this.#memory?.rebase();
      this.#rest();
    });
  }

  get isGone(): boolean {
    return this.#isGone || this.#reason !== undefined;
  }

  get steps(): number {
    return this.#steps.size;
  }

  get isBloated(): boolean {
    return this.#memory?.isBloated ?? false;
  }

  /** Bytes that wait to be read by the plugin. */
  get waitingBytes(): number {
    return this.#messages.writableLength;
  }

  /** Takes a step in; returns its number and what lets it go. */
  open(sink: StepSink): { step: number; close(): void } {
    this.#lastStep += 1;
    const step = this.#lastStep;
    this.#steps.set(step, sink);
    this.#masked = (text) => sink.masked(text);
    this.#memory?.start();
    const close = () => {
      this.#steps.delete(step);
      this.#rest();
    };
    return { step, close };
  }

  send(message: HostMessage): void {
    if (this.#messages.writable) this.#messages.write(`${JSON.stringify(message)}\n`);
  }

  /** Resolves once the plugin has read what was sent; at once when it has. */
  async drained(): Promise<void> {
    if (this.#messages.writableNeedDrain)
      await Promise.race([once(this.#messages, 'drain').catch(() => undefined), this.gone]);
  }

  /** Kills it with everything in its group. `why` completes the sentence "the plugin's process …". */
  kill(why: string): void {
    if (this.isGone) return;
    this.#reason = why;
    this.#group?.kill();
    this.#child.kill('SIGKILL');
  }

  #listen(): void {
    const reader = new MessageReader((message) => this.#take(message as PluginMessage));
    this.#messages.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#options.logger.warn(
          { err: error, plugin: this.#options.source },
          'a plugin said what cannot be understood',
        );
        this.kill('said something that this executor does not understand');
      }
      this.#waitForRoom(this.#messages);
    });
    const questions = new MessageReader((question) => void this.#answerSecret(question as SecretQuestion));
    this.#secrets.on('data', (chunk: Buffer) => questions.push(chunk));
    for (const stream of [this.#messages, this.#secrets]) stream.on('error', () => undefined);
    outputOf(
      this.#child,
      (line, stream) => this.#print(line, stream),
      (stream) => this.#waitForRoom(stream),
    );
  }

  #take(message: PluginMessage): void {
    const { logger, source } = this.#options;
    if (message.type === 'loaded' || message.type === 'refused') this.#load.resolve(message);
    else if (message.type !== 'stray') this.#steps.get(message.step)?.take(message);
    else {
      const said = this.#masked(message.thrown.stack ?? message.thrown.message);
      logger.warn({ plugin: source, thrown: said }, 'a plugin threw where nobody awaits it');
    }
  }

  async #answerSecret({ name, step }: SecretQuestion): Promise<void> {
    const answer = await this.#steps.get(step)?.secret(name);
    const none: SecretAnswer = { thrown: { name: 'Error', message: 'The step has ended.' } };
    if (this.#secrets.writable) this.#secrets.write(`${JSON.stringify(answer ?? none)}\n`);
  }

  /** What it prints belongs to its step, as long as it has no other. */
  #print(line: string, stream: Stream): void {
    this.#saidLast = `${this.#saidLast}\n${line}`.slice(-4_000);
    const [only, ...others] = this.#steps.values();
    if (only && others.length === 0) only.print(line, stream);
    else
      this.#options.logger.info({ plugin: this.#options.source, stream, line: this.#masked(line) }, 'a plugin printed');
  }

  /** Reads no further while a step has no room for more lines. */
  #waitForRoom(stream: { pause(): unknown; resume(): unknown }): void {
    const rooms = [...this.#steps.values()].flatMap((sink) => sink.room() ?? []);
    if (rooms.length === 0) return;
    stream.pause();
    void Promise.all(rooms).then(() => stream.resume());
  }

  #rest(): void {
    if (this.#steps.size === 0) this.#memory?.stop();
  }

  async #end(): Promise<void> {
    const [exitCode, signal] = await exitOf(this.#child);
    await Promise.race([closed(this.#messages), this.#lastWords()]);
    this.#isGone = true;
    this.#memory?.stop();
    const why = this.#reason ?? this.#explainEnd(exitCode, signal);
    this.#load.resolve({ type: 'refused', problem: `its process ${why}`, files: [] });
    for (const sink of this.#steps.values()) sink.lose(why);
    this.#steps.clear();
    for (const stream of [this.#messages, this.#secrets, this.#child.stdout, this.#child.stderr]) stream?.destroy();
    await this.#group?.end(0);
  }

  /** While a step has no room, what was said before the end waits unread; then so long from the last of it. */
  async #lastWords(): Promise<void> {
    do await delay(LAST_WORDS_MS);
    while (this.#messages.isPaused());
  }

  #explainEnd(exitCode: number | null, signal: string | null): string {
    if (/heap out of memory|process out of memory|Allocation failed/.test(this.#saidLast))
      return tooMuchMemory(this.#options.memoryMib);
    return signal === null ? `ended by itself, with exit code ${exitCode}` : `was ended by ${signal}`;
  }
}

function nodeFlags(memoryMib: number): string[] {
  return [`--max-old-space-size=${memoryMib}`, '--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];
}

/** Of no use to anybody but Node, and it makes the next start quicker. */
function compileCache(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

function tooMuchMemory(mib: number): string {
  return `used more than the ${mib} MiB of memory that its steps may have, and was ended`;
}

function duplex(child: ChildProcess, fd: number): Duplex {
  // Node gives none at all when this process may open no more files.
  const stream = child.stdio?.[fd];
  if (stream instanceof Duplex) return stream;
  throw new Error('the system gave it no sockets');
}

function exitOf(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve([code, signal]));
    child.once('error', () => resolve([null, null]));
  });
}

function closed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed || stream.readableEnded) resolve();
    else for (const event of ['end', 'close']) stream.once(event, () => resolve());
  });
}
