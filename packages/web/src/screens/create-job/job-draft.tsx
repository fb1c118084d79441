import { Button, Checkbox } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import type { ResultOf } from '../../app/graphql.ts';
import { tellDone } from '../../app/tell.tsx';
import { useInputDraft } from '../../form/use-input-draft.ts';
import { withoutGaps } from '../../form/validator.ts';
import { shortId } from '../../ids/short-id.ts';
import classes from './dialog.module.css';
import { DialogForm } from './dialog-form.tsx';
import { JobToStartFrom, type WorkflowForm } from './documents.ts';
import { DEFAULT_OPTIONS, optionsOf, type StartingPoint } from './draft.ts';
import { InputSection } from './input-section.tsx';
import { forgetDraft, isWritten, keepDraft, keptDraft } from './kept-draft.ts';
import { OptionsFields } from './options-fields.tsx';
import { Preview } from './preview.tsx';
import { SaveTemplate } from './save-template.tsx';
import { StartFrom } from './start-from.tsx';
import { useCreateJob } from './use-create-job.ts';

interface Props {
  workflow: NonNullable<ResultOf<typeof WorkflowForm>['workflow']>;
  /** The job to begin with. */
  from: string | undefined;
  select: ReactNode;
  onClose: () => void;
}

/** A new job of one workflow while it is written. What is left behind is there again the next time. */
export function JobDraft({ workflow, from, select, onClose }: Props) {
  const navigate = useNavigate();
  const { slug, inputSchema } = workflow;
  const [kept] = useState(() => (from === undefined ? keptDraft(slug) : undefined));
  const [restored, setRestored] = useState(kept !== undefined);
  const [template, setTemplate] = useState('');
  const draft = useInputDraft(inputSchema, 'input', kept?.state);
  const [options, setOptions] = useState(kept?.options ?? DEFAULT_OPTIONS);
  const { create, sending } = useCreateJob();

  const { values, mode, text, defaults } = draft;
  useEffect(() => {
    const now = { state: { values, mode, text }, options };
    if (isWritten(now, defaults)) keepDraft(slug, now, inputSchema);
    else forgetDraft(slug);
  }, [slug, inputSchema, values, mode, text, options, defaults]);

  function begin(point: StartingPoint) {
    draft.fill(point.input);
    setOptions(optionsOf(point, options));
    setTemplate(point.template ?? '');
    setRestored(false);
  }

  function empty() {
    begin({ input: withoutGaps(defaults), priority: null, subject: null, labels: [] });
  }

  const past = useQuery({ query: JobToStartFrom, variables: { id: from ?? '' }, pause: from === undefined })[0].data
    ?.job;
  const [begun, setBegun] = useState<string>();
  if (past && begun !== past.id) {
    setBegun(past.id);
    begin(past);
  }

  async function submit() {
    const input = draft.check();
    if (!input || sending) return;
    const outcome = await create(slug, input, options);
    if ('created' in outcome) {
      const { id, workflow: of } = outcome.created;
      forgetDraft(slug);
      // In the place of the dialog, which going back would open again.
      void navigate(`/jobs/${id}`, { replace: true });
      tellDone(options.start ? 'Job started' : 'Job created', `${of.name} ${shortId(id)}`);
    } else if ('issues' in outcome) {
      draft.showIssues(outcome.issues, outcome.message);
    } else {
      draft.showFailure(`${outcome.failure.title}. ${outcome.failure.message}`);
    }
  }

  return (
    <DialogForm
      submit={options.start ? 'Start job' : 'Create job'}
      sending={sending}
      failure={draft.failure}
      onSubmit={submit}
      onClose={onClose}
      aside={
        <Checkbox
          size="xs"
          label="Create without starting"
          checked={!options.start}
          onChange={(event) => setOptions({ ...options, start: !event.currentTarget.checked })}
        />
      }
    >
      {select}
      <Preview workflow={workflow} />
      {restored && (
        <p className={classes.restored} role="status">
          What you had written is still here.
          <Button variant="subtle" size="compact-xs" onClick={empty}>
            Start anew
          </Button>
        </p>
      )}
      <InputSection draft={draft}>
        <StartFrom slug={slug} onStart={begin} onEmpty={empty} />
        <SaveTemplate slug={slug} last={template} options={options} input={draft.now} />
      </InputSection>
      <OptionsFields options={options} onChange={setOptions} />
    </DialogForm>
  );
}
