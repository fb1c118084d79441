import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '@signalbox/core/settings';
import type { Database } from '@signalbox/db/client';
import { failpoint } from '@signalbox/db/failpoints';
import { SecretKeys } from '@signalbox/db/secret-keys';
import {
  type ClaimedDelivery,
  claimDeliveries,
  deliveryArrived,
  deliveryFailed,
  forgetDeliveries,
  queueDeliveries,
} from '@signalbox/db/webhook-deliveries';
import { webhookSecretOwner } from '@signalbox/db/webhooks';
import type { StepType } from '@signalbox/plugin-sdk';
import type { Logger } from 'pino';
import { loadBuiltIn } from './plugins/built-in-plugins.ts';
import { readSetting } from './step-settings.ts';
import { webhookContext } from './webhook-context.ts';

const ROUND_MS = 500;
const AT_ONCE = 50;
const FORGET_EVERY_MS = 60 * 60_000;

/**
 * Tells webhooks of changes of jobs, in every executor: what one has taken the others leave. A message is sent by the tool
 * `webhook.send`, so that it is signed, limited and kept from inner addresses exactly as that of a step.
 */
export class WebhookSender {
  readonly #settings: Settings;
  readonly #db: Database;
  readonly #keys: SecretKeys;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  /** Webhooks that are being told something. */
  readonly #busy = new Map<string, Promise<void>>();
  #underWay = 0;
  /** Aborted when the next look is not to wait. */
  #turn = new AbortController();
  #running: Promise<void> | undefined;
  #tool: Promise<StepType | undefined> | undefined;

  constructor(settings: Settings, db: Database, logger: Logger) {
    this.#settings = settings;
    this.#db = db;
    this.#logger = logger;
    this.#keys = new SecretKeys(settings.secretsKeys);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What is on its way is broken off, and tried again by another executor. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#turn.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    let forgotAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      const turn = new AbortController();
      this.#turn = turn;
      try {
        if (performance.now() - forgotAt > FORGET_EVERY_MS) {
          forgotAt = performance.now();
          await forgetDeliveries(this.#db);
        }
        while (!signal.aborted && (await queueDeliveries(this.#db)));
        if (!signal.aborted) await this.#send();
      } catch (error) {
        this.#logger.warn({ err: error }, 'webhooks could not be told; trying again');
      }
      if (!signal.aborted) await pause(ROUND_MS, undefined, { signal: turn.signal }).catch(() => undefined);
    }
    await Promise.all(this.#busy.values());
  }

  /** Begins with what is due for webhooks that are not busy: nobody waits for one that answers late. */
  async #send(): Promise<void> {
    if (this.#underWay >= AT_ONCE) return;
    const deliveries = await claimDeliveries(this.#db, AT_ONCE - this.#underWay, [...this.#busy.keys()]);
    for (const [webhookId, its] of Map.groupBy(deliveries, (delivery) => delivery.webhookId))
      this.#busy.set(webhookId, this.#deliverAll(webhookId, its));
  }

  async #deliverAll(webhookId: string, deliveries: readonly ClaimedDelivery[]): Promise<void> {
    this.#underWay += deliveries.length;
    const ends = await Promise.allSettled(deliveries.map((delivery) => this.#deliver(delivery)));
    this.#underWay -= deliveries.length;
    for (const end of ends)
      if (end.status === 'rejected')
        this.#logger.warn({ err: end.reason }, 'what became of a message could not be stored; it is sent again');
    this.#busy.delete(webhookId);
    this.#turn.abort();
  }

  async #deliver({ attempts, id, keyId, locked, payload, tenantId, url, webhookId }: ClaimedDelivery): Promise<void> {
    const { signal } = this.#stopped;
    try {
      const secret = this.#keys.open(webhookSecretOwner(tenantId, webhookId), { keyId, locked });
      const setting = (name: string) => readSetting(this.#settings, name);
      const tool = await this.#sendTool();
      if (failpoint) await failpoint('before-message-sent');
      await tool.run(webhookContext({ id: `msg_${id}`, payload, url, secret, attempt: attempts, signal, setting }));
      if (failpoint) await failpoint('after-message-sent');
      await deliveryArrived(this.#db, id);
    } catch (error) {
      if (signal.aborted) return;
      await deliveryFailed(this.#db, id, error instanceof Error ? error.message : String(error));
    }
  }

  async #sendTool(): Promise<StepType> {
    this.#tool ??= loadBuiltIn('@signalbox/plugins/tool', {}).then(({ stepTypes }) =>
      stepTypes.find(({ type }) => type === 'tool'),
    );
    const tool = await this.#tool;
    if (!tool) throw new Error('There is no tool to send webhooks with.');
    return tool;
  }
}
