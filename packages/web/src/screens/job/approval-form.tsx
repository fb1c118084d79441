import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { JsonObject } from '../../app/graphql.ts';
import { tellDone } from '../../app/tell.tsx';
import { SchemaFields } from '../../form/schema-fields.tsx';
import { useInputDraft } from '../../form/use-input-draft.ts';
import classes from './approval.module.css';
import { useDecide } from './use-decide.ts';

interface Props {
  jobId: string;
  step: { key: string; name: string };
  /** JSON Schema of what is asked along with the decision. */
  schema: JsonObject | null;
}

/** What is asked along with a decision, and the decision. In a file of its own, so that it is loaded when it is wanted. */
export default function ApprovalForm({ jobId, step, schema }: Props) {
  const draft = useInputDraft(schema ?? {}, 'approval');
  const [comment, setComment] = useState('');
  const { decide, sending } = useDecide(jobId, step.key);

  async function send(approve: boolean) {
    // Whoever rejects need not fill anything in.
    const form = approve && schema ? draft.check() : undefined;
    if (sending || (approve && schema && !form)) return;
    const outcome = await decide({ approve, comment, form });
    if ('done' in outcome) tellDone(approve ? 'Approved' : 'Rejected', step.name);
    else if ('issues' in outcome) draft.showIssues(outcome.issues, outcome.message);
    else draft.showFailure(`${outcome.failure.title}. ${outcome.failure.message}`);
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(true);
      }}
    >
      {schema && <SchemaFields draft={draft} />}
      <Textarea
        label="Comment"
        placeholder="Why, for those who read it later"
        rows={2}
        maxLength={4_000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {draft.failure !== undefined && (
        <p className={classes.failure} role="alert">
          {draft.failure}
        </p>
      )}
      <div className={classes.buttons}>
        <Button type="submit" variant="primary" loading={sending === 'approve'} disabled={sending === 'reject'}>
          Approve
        </Button>
        <Button
          variant="danger"
          loading={sending === 'reject'}
          disabled={sending === 'approve'}
          onClick={() => void send(false)}
        >
          Reject
        </Button>
      </div>
    </form>
  );
}
