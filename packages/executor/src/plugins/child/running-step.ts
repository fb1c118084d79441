import type { StepType } from '@signalbox/plugin-sdk';
import { outputText } from '../../output-text.ts';
import type { HostMessage, StepFacts } from '../protocol.ts';
import { describeThrown, revive } from '../thrown.ts';
import { ChildContext } from './child-context.ts';
import type { Outbox } from './outbox.ts';

/** One try of a step in this process. */
export class RunningStep {
  readonly #id: number;
  readonly #stepType: StepType;
  readonly #context: ChildContext;
  readonly #outbox: Outbox;
  #ended = false;

  constructor(id: number, stepType: StepType, start: { facts: StepFacts; logRoom: number }, outbox: Outbox) {
    this.#id = id;
    this.#stepType = stepType;
    this.#outbox = outbox;
    this.#context = new ChildContext(id, start, outbox);
  }

  /** Runs it and tells how it ended. Never throws. */
  async run(): Promise<void> {
    this.#tellUses();
    try {
      const result: unknown = await this.#stepType.run(this.#context.forPlugin());
      this.#end(() => ({ type: 'done', step: this.#id, result: outputText(result) }));
    } catch (error) {
      this.fail(error);
    }
  }

  hear(message: Exclude<HostMessage, { type: 'run' }>): void {
    switch (message.type) {
      case 'abort':
        this.#context.abort(message.reason);
        break;
      case 'answer':
        this.#context.answer(message.call, message.answer);
        break;
      case 'refusal':
        this.#context.refuse(message.call, revive(message.thrown));
        break;
      case 'line':
        this.#context.line(message.call, message.line, message.stream);
        break;
    }
  }

  /** Ends it with an error, wherever that was thrown; false when it has ended already. */
  fail(error: unknown): boolean {
    if (this.#ended) return false;
    this.#end(() => ({ type: 'failed', step: this.#id, thrown: describeThrown(error) }));
    return true;
  }

  #end(message: () => Parameters<Outbox['send']>[0]): void {
    if (this.#ended) return;
    let last: Parameters<Outbox['send']>[0];
    try {
      last = message();
    } catch (error) {
      last = { type: 'failed', step: this.#id, thrown: describeThrown(error) };
    }
    this.#ended = true;
    this.#outbox.send(last);
  }

  #tellUses(): void {
    try {
      const text: unknown = this.#stepType.uses?.(this.#context.facts.config);
      if (typeof text === 'string') this.#outbox.send({ type: 'uses', step: this.#id, text: text.slice(0, 1_000) });
    } catch {
      // It is only for people to read; a step must not fail because of it.
    }
  }
}
