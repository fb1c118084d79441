import { Fragment } from 'react';
import table from '../../app/data-table.module.css';
import { useOpened } from '../../app/use-opened.ts';
import { Deliveries } from './deliveries.tsx';
import type { Webhook } from './documents.ts';
import { WebhookRow } from './webhook-row.tsx';

const HEADS = ['Address', 'Told of', 'Last message', 'On'] as const;

/** The webhooks in the order in which they were made, each opening to its last messages. */
export function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  const { opened, toggle } = useOpened();

  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th>
              <span className="sb-hidden">More</span>
            </th>
            {HEADS.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col">
              <span className="sb-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => (
            <Fragment key={webhook.id}>
              <WebhookRow webhook={webhook} opened={opened.has(webhook.id)} onToggle={() => toggle(webhook.id)} />
              {opened.has(webhook.id) && (
                <tr>
                  <td colSpan={HEADS.length + 2} data-wide>
                    <Deliveries webhook={webhook} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
