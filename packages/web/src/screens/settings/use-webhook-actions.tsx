import { useClient } from 'urql';
import { ask } from '../../app/ask.ts';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { DeleteWebhook, SaveWebhook, type Webhook } from './documents.ts';

/** What can be done with a webhook besides changing it. Each says what came of it. */
export function useWebhookActions({ id, url, statuses, workflows }: Webhook) {
  const client = useClient();
  const fail = (what: string, { title, message }: Failure) => tellFailure(`${what}: ${title}`, message);

  async function setActive(active: boolean) {
    const { data, error } = await client.mutation(SaveWebhook, { id, url, statuses, workflows, active });
    const what = active ? 'Switch on' : 'Switch off';
    if (!data) fail(what, describeError(error));
    else if (data.saveWebhook.__typename !== 'SavedWebhook') fail(what, describeResult(data.saveWebhook));
  }

  async function removeNow() {
    const { data, error } = await client.mutation(DeleteWebhook, { id });
    if (!data) return fail('Delete', describeError(error));
    const result = data.deleteWebhook;
    if (result.__typename !== 'DeletedWebhook') return fail('Delete', describeResult(result));
    tellDone('Webhook deleted', url);
  }

  function remove() {
    ask({
      title: 'Delete this webhook?',
      children: (
        <>
          <p>
            <strong>{url}</strong>
          </p>
          <p className="sb-mute">It is told nothing more, and what was still to be sent to it is dropped.</p>
        </>
      ),
      confirm: 'Delete the webhook',
      cancel: 'Keep it',
      onConfirm: () => void removeNow(),
    });
  }

  return { setActive, remove };
}
