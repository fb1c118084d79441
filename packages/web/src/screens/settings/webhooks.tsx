import { Button } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { Suspense } from 'react';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { LoadingRows } from '../../app/loading-rows.tsx';
import { Message } from '../../app/message.tsx';
import { Preloaded, preloadable } from '../../app/preloaded.tsx';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { useKept } from '../../app/use-kept.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { useHeal } from '../../live/use-heal.ts';
import { useLately } from '../../live/use-lately.ts';
import { useReadAtBeat } from '../workflow/use-read-at-beat.ts';
import { Webhooks } from './documents.ts';
import classes from './screen.module.css';
import { WebhookTable } from './webhook-table.tsx';

/** Half a second, and longer where an executor is busy with sending others. */
const QUEUED_WITHIN = 20_000;

const dialog = preloadable(() => import('./webhook-dialog.tsx'));

/** The addresses that are told of jobs, how that goes, and a button that adds one. */
export function WebhooksPart() {
  const { create, creates, edits } = useDialogPlace();
  const [result, read] = useQuery({ query: Webhooks, requestPolicy: 'cache-and-network' });
  const webhooks = useKept(result)?.webhooks;
  const reload = () => read({ requestPolicy: 'network-only' });
  const beat = useActivityBeat();
  useReadAtBeat(beat, reload);
  // An executor queues messages a while after a job has changed, and one that is tried again changes without any job.
  const mayFollow = useLately(beat, QUEUED_WITHIN);
  const isPending = webhooks?.some(({ deliveries }) => deliveries.some(({ status }) => status === 'PENDING'));
  useHeal(reload, mayFollow || isPending);
  const newWebhook = (
    <Button variant="primary" leftSection={<IconPlus size={15} />} onClick={create} onPointerEnter={dialog.preload}>
      New webhook
    </Button>
  );

  if (result.error && !webhooks) return <Failed error={result.error} retry={reload} />;
  return (
    <>
      <div className={classes.head}>
        <p className="sb-mute">A webhook is an address that is told of changes of jobs: by POST with JSON, signed.</p>
        {webhooks && webhooks.length > 0 && newWebhook}
      </div>
      {!webhooks ? (
        <LoadingRows label="Loading the webhooks" />
      ) : webhooks.length === 0 ? (
        <div className={classes.none}>
          <Message icon={<IconWebhook size={22} />} title="No webhooks yet" actions={newWebhook}>
            Have another service told when jobs start, end or fail: all of them, or those of some workflows.
          </Message>
        </div>
      ) : (
        <WebhookTable webhooks={webhooks} />
      )}
      <Suspense>
        {(creates || (edits !== undefined && webhooks)) && (
          <Preloaded key={edits} of={dialog} props={{ webhook: webhooks?.find(({ id }) => id === edits) }} />
        )}
      </Suspense>
    </>
  );
}
