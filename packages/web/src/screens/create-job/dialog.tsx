import { Button, Checkbox, Modal, Skeleton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { describeError } from '../../app/failure.ts';
import type { ResultOf } from '../../app/graphql.ts';
import { tellDone } from '../../app/tell.tsx';
import { useInputDraft } from '../../form/use-input-draft.ts';
import { shortId } from '../../ids/short-id.ts';
import classes from './dialog.module.css';
import { WorkflowForm } from './documents.ts';
import { DEFAULT_OPTIONS } from './draft.ts';
import { InputSection } from './input-section.tsx';
import { OptionsFields } from './options-fields.tsx';
import { useCreateDialog } from './use-create-dialog.ts';
import { useCreateJob } from './use-create-job.ts';
import { WorkflowSelect } from './workflow-select.tsx';

type Workflow = NonNullable<ResultOf<typeof WorkflowForm>['workflow']>;

/** Makes a new job: which workflow, with which input. */
export default function CreateJobDialog() {
  const { workflow: slug, choose, close } = useCreateDialog();
  const [{ data, error }] = useQuery({
    query: WorkflowForm,
    variables: { slug: slug ?? '' },
    pause: slug === undefined,
    requestPolicy: 'cache-and-network',
  });
  const workflow = data?.workflow?.slug === slug ? data?.workflow : undefined;
  const select = <WorkflowSelect value={slug} onChange={choose} />;
  const missing = slug !== undefined && data !== undefined && data.workflow === null;

  return (
    <Modal
      opened
      onClose={close}
      title="New job"
      size={640}
      classNames={{ body: classes.body, content: classes.content, header: classes.header }}
    >
      {workflow ? (
        <Draft key={workflow.id} workflow={workflow} select={select} onClose={close} />
      ) : (
        <div className={classes.scroll}>
          {select}
          {slug === undefined && <p className={classes.hint}>Its form appears here.</p>}
          {missing && <p className={classes.failure}>There is no workflow “{slug}”. Choose another one.</p>}
          {error && !data && <p className={classes.failure}>{describeError(error).message}</p>}
          {slug !== undefined && !missing && !error && <Loading />}
        </div>
      )}
    </Modal>
  );
}

function Draft({ workflow, select, onClose }: { workflow: Workflow; select: ReactNode; onClose: () => void }) {
  const navigate = useNavigate();
  const draft = useInputDraft(workflow.inputSchema, 'input');
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const { create, sending } = useCreateJob();

  async function submit() {
    const input = draft.check();
    if (!input || sending) return;
    const outcome = await create(workflow.slug, input, options);
    if ('created' in outcome) {
      const { id, workflow: of } = outcome.created;
      void navigate(`/jobs/${id}`);
      tellDone(options.start ? 'Job started' : 'Job created', `${of.name} ${shortId(id)}`);
    } else if ('issues' in outcome) {
      draft.showIssues(outcome.issues, outcome.message);
    } else {
      draft.showFailure(`${outcome.failure.title}. ${outcome.failure.message}`);
    }
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void submit();
      }}
    >
      <div className={classes.scroll}>
        {select}
        <p className={classes.about}>
          {workflow.description}
          <span className={classes.steps}>
            {workflow.steps.length} {workflow.steps.length === 1 ? 'step' : 'steps'}:{' '}
            {workflow.steps
              .slice(0, 8)
              .map(({ name }) => name)
              .join(' → ')}
            {workflow.steps.length > 8 && ' → …'}
          </span>
        </p>
        <InputSection slug={workflow.slug} draft={draft} />
        <OptionsFields options={options} onChange={setOptions} />
      </div>
      <div className={classes.footer}>
        {draft.failure !== undefined && (
          <p className={classes.failure} role="alert">
            {draft.failure}
          </p>
        )}
        <Checkbox
          size="xs"
          label="Create without starting"
          checked={!options.start}
          onChange={(event) => setOptions({ ...options, start: !event.currentTarget.checked })}
        />
        <Button className={classes.cancel} onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="primary"
          loading={sending}
          rightSection={<kbd className="sb-key">{/Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl'} ↵</kbd>}
        >
          {options.start ? 'Start job' : 'Create job'}
        </Button>
      </div>
    </form>
  );
}

function Loading() {
  return (
    <div aria-hidden="true">
      {[40, 100, 30, 99].map((width) => (
        <Skeleton key={width} height={width > 90 ? 32 : 10} width={`${width}%`} mt={12} />
      ))}
    </div>
  );
}
