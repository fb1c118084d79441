import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StepFailure } from '@signalbox/plugin-sdk';

/** What the checking thread is asked: do these answers, if any, fit the schema? */
export interface AnswerQuestion {
  schema: Record<string, unknown>;
  answers: unknown[];
}

/** What is wrong with the schema itself, or with an answer; empty when all is well. */
export interface AnswerVerdict {
  schema?: string;
  answer?: string;
}

const LONGEST_CHECK_MS = 5_000;
const MEMORY_MB = 64;

/**
 * Says what is wrong with an answer, or nothing when it fits; without an answer only the schema is checked. Throws a
 * USER_INPUT failure when the schema cannot be used.
 *
 * A schema and an answer can be made to take for ever (patterns, references that double, long lists of unique items),
 * so they meet in a thread that is stopped when it takes too long; starting one costs some 100 ms.
 */
export async function checkAnswer(
  schema: Record<string, unknown>,
  ...answers: [answer?: unknown]
): Promise<string | undefined> {
  const verdict = await ask({ schema, answers });
  if (verdict.schema === undefined) return verdict.answer;
  const message = `The prompt's output is no usable JSON Schema: ${verdict.schema}.`;
  throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}

async function ask(question: AnswerQuestion): Promise<AnswerVerdict> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const thread = new Worker(new URL('./answer-thread.ts', import.meta.url), {
    workerData: question,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  thread.once('online', () => {
    timer = setTimeout(() => limit.abort(), LONGEST_CHECK_MS);
  });
  try {
    const [verdict]: AnswerVerdict[] = await once(thread, 'message', { signal: limit.signal });
    return verdict ?? {};
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (!limit.signal.aborted && !tooLarge) throw error;
    return { schema: 'checking an answer against it takes too much time or memory' };
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
