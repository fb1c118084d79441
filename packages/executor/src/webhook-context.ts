import type { StepContext } from '@signalbox/plugin-sdk';
import { provideHost } from '@signalbox/plugin-sdk/host';

/** What a message is about, and what it may use. */
export interface WebhookRun {
  id: string;
  payload: Record<string, unknown>;
  url: string;
  secret: string;
  attempt: number;
  signal: AbortSignal;
  setting(name: string): string | undefined;
}

export const WEBHOOK_SECRET = 'WEBHOOK';

/** The tool `webhook.send` works for steps. This is as much of a step as it needs. */
export function webhookContext(run: WebhookRun): StepContext<Record<string, unknown>> {
  const { attempt, id, payload, secret, setting, signal, url } = run;
  const none = (): never => {
    throw new Error('A webhook has no such thing.');
  };
  const ctx: StepContext<Record<string, unknown>> = {
    config: { tool: 'webhook.send', input: { url, secret: WEBHOOK_SECRET, payload, id } },
    job: { id, workflow: 'webhook', version: 1, input: {}, labels: [] },
    step: { key: 'webhook', type: 'tool' },
    attempt: { number: attempt, idempotencyKey: id },
    signal,
    log: () => undefined,
    progress: () => undefined,
    checkpoint: async () => undefined,
    spawn: none,
    artifact: none,
    cost: none,
    secret: () => secret,
  };
  provideHost(ctx, { folder: none, setting, servers: { names: [], list: none, call: none } });
  return ctx;
}
