import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import type { RequestInit } from 'undici';
import type { HttpAnswer } from './http-answer.ts';
import { headersOf, parseBody, readBytes } from './http-answer.ts';
import { transportFailure } from './http-failure.ts';
import { guardedAgent } from './http-guard.ts';
import { endStopped } from './stopped.ts';

/** One request and how much of an answer is wanted. */
export interface HttpExchange {
  /** For messages: method and address, without anything secret. */
  what: string;
  url: URL;
  init: RequestInit;
  maxBytes: number;
  timeoutMs: number;
}

/** Sends a request to where tools may send some, reads the whole answer, and writes a line about it. */
export async function exchange(ctx: StepContext<unknown>, request: HttpExchange): Promise<HttpAnswer> {
  const { init, maxBytes, timeoutMs, url, what } = request;
  const started = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const dispatcher = await guardedAgent(hostOf(ctx).setting('SIGNALBOX_HTTP_ALLOW'));
  try {
    const { fetch } = await import('undici');
    const response = await fetch(url, { ...init, dispatcher, signal: AbortSignal.any([ctx.signal, deadline]) });
    const bytes = await readBytes(response, maxBytes);
    const { body, brokenJson } = parseBody(bytes, response.headers.get('content-type'));
    const durationMs = Math.round(performance.now() - started);
    ctx.log('INFO', `${what}: ${response.status} ${response.statusText}, ${bytes.length} bytes in ${durationMs} ms`);
    if (brokenJson) ctx.log('WARNING', 'The answer calls itself JSON but is not; its body is handed on as text.');
    const { status, statusText } = response;
    return { status, statusText, headers: headersOf(response), body, url: response.url, durationMs };
  } catch (error) {
    if (ctx.signal.aborted) return await endStopped(ctx);
    if (!deadline.aborted) throw transportFailure(what, error);
    throw new StepFailure(`${what} gave no whole answer within ${timeoutMs} ms.`, {
      category: 'TIMEOUT',
      cause: error,
    });
  } finally {
    await dispatcher.destroy();
  }
}
