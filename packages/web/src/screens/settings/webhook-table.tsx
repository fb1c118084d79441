import { ACTIONS, OpeningTable } from '../../app/data-table.tsx';
import { Deliveries } from './deliveries.tsx';
import type { Webhook } from './documents.ts';
import { WebhookRow } from './webhook-row.tsx';

const HEADS = ['Address', 'Told of', 'Last message', 'On', ACTIONS];

/** The webhooks in the order in which they were made, each opening to its last messages. */
export function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <OpeningTable
      heads={HEADS}
      items={webhooks}
      row={(webhook, opener) => <WebhookRow webhook={webhook} {...opener} />}
      details={(webhook) => <Deliveries webhook={webhook} />}
    />
  );
}
