import { setTimeout as delay } from 'node:timers/promises';
import { type StepContext, StepFailure } from '@signalbox/plugin-sdk';
import type { AttemptSide } from '../runnable-step-type.ts';
import { isWait } from '../wait-request.ts';
import { HostedMetering } from './hosted-metering.ts';
import type { PluginProcess, StepSink } from './plugin-process.ts';
import type { CallMessage, Calls, SecretAnswer, StepFacts, StepMessage, Stream } from './protocol.ts';
import { receivedCost } from './sent-cost.ts';
import { describeThrown, revive } from './thrown.ts';

type Context = StepContext<Record<string, unknown>>;

/** While more than this waits to be read by the plugin, the programs of the step are not read any further. */
const MOST_UNREAD_BYTES = 1024 * 1024;

/** One try of a step whose code runs in the process of its plugin: does here what the step asks for there. */
export class HostedRun implements StepSink {
  readonly #process: PluginProcess;
  readonly #ctx: Context;
  readonly #attempt: AttemptSide;
  readonly #ended = Promise.withResolvers<unknown>();
  readonly #over = Promise.withResolvers<void>();
  readonly #metering: HostedMetering;
  #step = 0;

  constructor(process: PluginProcess, ctx: Context, attempt: AttemptSide) {
    this.#process = process;
    this.#ctx = ctx;
    this.#metering = new HostedMetering(ctx);
    this.#attempt = attempt;
  }

  /** What `run` of the step type gives back or throws. */
  async run(): Promise<unknown> {
    const { signal } = this.#ctx;
    const { close, step } = this.#process.open(this);
    this.#step = step;
    const disown = this.#attempt.processes.adopt(this);
    const abort = () => this.#process.send({ type: 'abort', step, reason: String(signal.reason) });
    this.#process.send({ type: 'run', step, facts: factsOf(this.#ctx), logRoom: this.#attempt.log.bytesLeft });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#ended.promise;
    } finally {
      signal.removeEventListener('abort', abort);
      disown();
      close();
      this.#over.resolve();
    }
  }

  /** The step has so long to end by itself; then its process is killed. */
  async end(graceMs: number): Promise<boolean> {
    const over = this.#over.promise.then(() => true);
    if (graceMs > 0 && (await Promise.race([over, delay(graceMs, false)]))) return true;
    this.#process.kill('was ended because the step did not heed the request to stop');
    await Promise.race([over, this.#process.gone]);
    return true;
  }

  room(): Promise<void> | undefined {
    return this.#attempt.log.room();
  }

  masked(text: string): string {
    return this.#attempt.masked(text);
  }

  /** What the plugin cannot take in yet. */
  unread(): Promise<void> | undefined {
    return this.#process.waitingBytes > MOST_UNREAD_BYTES ? this.#process.drained() : undefined;
  }

  print(line: string, stream: Stream): void {
    this.#attempt.log.write('INFO', stream, line);
  }

  async secret(name: string): Promise<SecretAnswer> {
    try {
      return { value: this.#ctx.secret(name) };
    } catch (error) {
      return { thrown: describeThrown(error) };
    }
  }

  lose(why: string): void {
    this.#ended.reject(new StepFailure(`The plugin's process ${why} while the step ran.`));
  }

  take(message: StepMessage): void {
    const { log } = this.#attempt;
    switch (message.type) {
      case 'uses':
        this.#attempt.tellUses(message.text);
        break;
      case 'log':
        for (const [level, stream, line] of message.lines) log.write(level, stream, line);
        break;
      case 'logFull':
        log.fill();
        break;
      case 'progress':
        this.#ctx.progress(message.percent);
        if (message.note !== undefined) log.write('PROGRESS', message.stream, message.note);
        break;
      case 'cost':
        this.#ctx.cost(receivedCost(message.entry));
        break;
      case 'activity':
        this.#metering.begin(message.id, message.start);
        break;
      case 'activityEnd':
        this.#metering.end(message.id, message.end);
        break;
      case 'call':
        void this.#answer(message);
        break;
      case 'done':
        this.#ended.resolve(readResult(message.result));
        break;
      case 'failed':
        this.#ended.reject(revive(message.thrown));
        break;
    }
  }

  async #answer(message: CallMessage): Promise<void> {
    const { call } = message;
    const step = this.#step;
    try {
      this.#process.send({ type: 'answer', step, call, answer: await this.#do(message) });
    } catch (error) {
      this.#process.send({ type: 'refusal', step, call, thrown: describeThrown(error) });
    }
  }

  async #do(message: CallMessage): Promise<Calls[CallMessage['name']]['answer']> {
    switch (message.name) {
      case 'checkpoint':
        await this.#ctx.checkpoint();
        return null;
      case 'spawn': {
        const { args, hasReader, options, program } = message.ask;
        const onLine = (line: string, stream: Stream) =>
          this.#process.send({ type: 'line', step: this.#step, call: message.call, line, stream });
        return this.#ctx.spawn(program, args, hasReader ? { ...options, onLine } : options);
      }
      case 'artifact': {
        const { content, contentType, name } = message.ask;
        return this.#ctx.artifact(name, contentOf(content), contentType);
      }
      case 'reserve':
        return this.#metering.reserve(message.ask);
      case 'settle':
        return this.#metering.settle(message.ask);
      case 'release':
        return this.#metering.release(message.ask);
    }
  }
}

function contentOf(content: Calls['artifact']['ask']['content']): Parameters<Context['artifact']>[1] {
  if ('path' in content) return { path: content.path };
  return 'text' in content ? content.text : Buffer.from(content.base64, 'base64');
}

function factsOf({ attempt, config, job, resume, step }: Context): StepFacts {
  return { attempt, config, job, resume, step };
}

/** Dates are texts in JSON; the one that a wait is about becomes a date again. */
function readResult(text: string): unknown {
  const result: unknown = JSON.parse(text);
  if (!isWait(result)) return result;
  const { wait } = result as { wait: { until?: unknown } };
  return typeof wait.until === 'string' ? { wait: { ...wait, until: new Date(wait.until) } } : result;
}
