import { ActionIcon, Switch, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { Opener } from '../../app/opener.tsx';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { StatusChip } from '../../status/status-chip.tsx';
import { JOB_LOOKS } from '../../status/tone.ts';
import { Ago } from '../../time/ago.tsx';
import type { Webhook } from './documents.ts';
import { deliveryLook } from './looks.ts';
import classes from './screen.module.css';
import { useWebhookActions } from './use-webhook-actions.tsx';

interface Props {
  webhook: Webhook;
  opened: boolean;
  onToggle: () => void;
}

/** An address, what it is told of, and what became of the last message. */
export function WebhookRow({ webhook, opened, onToggle }: Props) {
  const { id, url, active, workflows, statuses, createdAt, createdBy, deliveries } = webhook;
  const { setActive, remove } = useWebhookActions(webhook);
  const { edit } = useDialogPlace();
  const [last] = deliveries;
  return (
    <tr className={classes.row} data-over={!active || undefined}>
      <td data-opener>
        <Opener opened={opened} what={`the last messages to ${url}`} onToggle={onToggle} />
      </td>
      <th scope="row" className={classes.what}>
        <span>{url}</span>
        <span className={classes.by}>
          <Ago at={createdAt} /> by {createdBy}
        </span>
      </th>
      <td data-label="Told of" className={classes.told}>
        <span className={classes.lines}>
          <span>
            {statuses.length === 0 ? 'every state' : statuses.map((status) => JOB_LOOKS[status].word).join(', ')}
          </span>
          <span className={classes.by}>
            {workflows.length === 0 ? 'of all workflows' : `of ${workflows.join(', ')}`}
          </span>
        </span>
      </td>
      <td data-label="Last message">
        {last ? (
          <span className={classes.lines}>
            <span className={classes.last}>
              <StatusChip look={deliveryLook(last)} />
              <span className="sb-mute">
                <Ago at={last.deliveredAt ?? last.createdAt} />
              </span>
            </span>
            {last.status !== 'DELIVERED' && last.lastError !== null && (
              <span className={classes.problem}>{last.lastError}</span>
            )}
          </span>
        ) : (
          <span className="sb-mute">none yet</span>
        )}
      </td>
      <td data-label="On">
        <Switch
          size="xs"
          aria-label={`${url} is on`}
          checked={active}
          onChange={(event) => void setActive(event.currentTarget.checked)}
        />
      </td>
      <td className={classes.actions}>
        <span>
          <Tooltip label="Edit">
            <ActionIcon aria-label={`Edit ${url}`} onClick={() => edit(id)}>
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Delete">
            <ActionIcon aria-label={`Delete ${url}`} onClick={remove}>
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        </span>
      </td>
    </tr>
  );
}
