import { useState } from 'react';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import layout from '../create-job/dialog.module.css';
import type { Webhook } from './documents.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Makes a webhook or changes one, and shows the secret that it got. */
export default function WebhookDialog({ webhook }: { webhook: Webhook | undefined }) {
  const { edits, close } = useDialogPlace();
  const [secret, setSecret] = useState<string>();
  const title = edits === undefined ? 'New webhook' : 'Edit the webhook';
  return (
    <SettingsDialog
      title={secret === undefined ? title : 'The secret of the webhook'}
      final={secret !== undefined}
      onClose={close}
    >
      {secret !== undefined ? (
        <ShownOnce label="Secret" secret={secret} onClose={close}>
          The messages are signed with it as the Standard Webhooks specification says: the receiver checks the header{' '}
          <code className="sb-mono">webhook-signature</code> with it, and drops a{' '}
          <code className="sb-mono">webhook-id</code> that it has seen.
        </ShownOnce>
      ) : edits !== undefined && !webhook ? (
        <p className={layout.scroll}>There is no such webhook any more. Somebody may have deleted it.</p>
      ) : (
        <WebhookForm webhook={webhook} onSecret={setSecret} onClose={close} />
      )}
    </SettingsDialog>
  );
}
