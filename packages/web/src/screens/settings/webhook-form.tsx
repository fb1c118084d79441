import { Checkbox, MultiSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { byField, describeError, describeResult } from '../../app/failure.ts';
import type { JobStatus } from '../../app/graphql.ts';
import { tellDone } from '../../app/tell.tsx';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import { useProblems } from '../../form/use-problems.ts';
import { JOB_LOOKS } from '../../status/tone.ts';
import { DialogForm } from '../create-job/dialog-form.tsx';
import { SaveWebhook, type Webhook } from './documents.ts';

const STATUSES = Object.keys(JOB_LOOKS) as JobStatus[];

interface Props {
  /** The one to change; a new one is made when it is undefined. */
  webhook: Webhook | undefined;
  /** Takes the secret that it got, before the dialog is closed. */
  onSecret: (secret: string) => void;
  onClose: () => void;
}

/** A webhook while it is written. */
export function WebhookForm({ webhook, onSecret, onClose }: Props) {
  const client = useClient();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [statuses, setStatuses] = useState<readonly JobStatus[]>(webhook?.statuses ?? []);
  const [workflows, setWorkflows] = useState<readonly string[]>(webhook?.workflows ?? []);
  const [active, setActive] = useState(webhook?.active ?? true);
  const [newSecret, setNewSecret] = useState(false);
  const { problems, setProblems, form } = useProblems();
  const [failure, setFailure] = useState<string>();
  const [sending, setSending] = useState(false);
  const known = useWorkflowNames();
  const slugs = new Set([...known.map(({ slug }) => slug), ...workflows]);

  async function submit() {
    const missing = { ...(url.trim() === '' && { url: 'Say where the messages go.' }) };
    setProblems(missing);
    setFailure(undefined);
    if (Object.keys(missing).length > 0 || sending) return;
    setSending(true);
    const { data, error } = await client.mutation(SaveWebhook, {
      id: webhook?.id,
      url: url.trim(),
      statuses: [...statuses],
      workflows: [...workflows],
      active,
      newSecret,
    });
    setSending(false);
    const result = data?.saveWebhook;
    if (result?.__typename === 'InvalidInput') return setProblems(byField(result.issues));
    if (result?.__typename !== 'SavedWebhook') {
      const { title, message } = result ? describeResult(result) : describeError(error);
      return setFailure(`${title}. ${message}`);
    }
    if (result.secret !== null) return onSecret(result.secret);
    tellDone('Webhook saved', result.webhook.url);
    onClose();
  }

  return (
    <DialogForm
      ref={form}
      submit={webhook ? 'Save' : 'Make the webhook'}
      sending={sending}
      failure={failure}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        type="url"
        label="Address"
        description="Public addresses only, unless SIGNALBOX_HTTP_ALLOW of the executors names it."
        placeholder="https://hooks.example.com/signalbox"
        data-autofocus
        classNames={{ input: 'sb-mono' }}
        error={problems.url}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <MultiSelect
        label="States that are told"
        placeholder={statuses.length === 0 ? 'Every state' : undefined}
        data={STATUSES.map((value) => ({ value, label: JOB_LOOKS[value].word }))}
        error={problems.statuses}
        value={[...statuses]}
        onChange={(values) => setStatuses(STATUSES.filter((status) => values.includes(status)))}
      />
      <MultiSelect
        label="Workflows whose jobs are told of"
        placeholder={workflows.length === 0 ? 'All workflows' : undefined}
        searchable
        openOnFocus={false}
        data={[...slugs]}
        error={problems.workflows}
        value={[...workflows]}
        onChange={setWorkflows}
      />
      <Switch
        size="sm"
        label="On"
        description="One that is off is told nothing, and what is to be sent to it waits."
        checked={active}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
      {webhook && (
        <Checkbox
          size="xs"
          label="Give it another secret"
          description="Messages are signed with the new one from then on; it is shown once."
          checked={newSecret}
          onChange={(event) => setNewSecret(event.currentTarget.checked)}
        />
      )}
    </DialogForm>
  );
}
