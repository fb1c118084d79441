import { Skeleton, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useQuery } from 'urql';
import { byField, describeError } from '../../app/failure.ts';
import { tellDone } from '../../app/tell.tsx';
import type { InputDraft } from '../../form/use-input-draft.ts';
import { useProblems } from '../../form/use-problems.ts';
import layout from '../create-job/dialog.module.css';
import { DialogForm } from '../create-job/dialog-form.tsx';
import { WorkflowForm } from '../create-job/documents.ts';
import { OptionsFields } from '../create-job/options-fields.tsx';
import { WorkflowSelect } from '../create-job/workflow-select.tsx';
import type { Schedule } from './documents.ts';
import { draftOf, type ScheduleDraft } from './draft.ts';
import classes from './form.module.css';
import { ScheduleInput } from './schedule-input.tsx';
import { missingIn, requestOf } from './times.ts';
import { TimesFields } from './times-fields.tsx';
import { usePreview } from './use-preview.ts';
import { useSaveSchedule } from './use-save-schedule.ts';

interface Props {
  schedule: Schedule | undefined;
  /** The workflow that a new one begins with. */
  workflow: string | undefined;
  onClose: () => void;
}

/** The fields that are not the input's; issues at them are shown there. */
const FIELDS = ['name', 'startsAt', 'everySeconds', 'cron', 'timezone', 'subject', 'labels'];

/** A schedule while it is written. */
export function ScheduleForm({ schedule, workflow, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(schedule, workflow));
  const { problems, setProblems, form } = useProblems();
  const [failure, setFailure] = useState<string>();
  const input = useRef<InputDraft>(null);
  const { save, sending } = useSaveSchedule(schedule);
  const preview = usePreview(requestOf(draft.times));
  const [{ data, error }] = useQuery({
    query: WorkflowForm,
    variables: { slug: draft.workflow ?? '' },
    pause: draft.workflow === undefined,
    requestPolicy: 'cache-and-network',
  });
  const chosen = data?.workflow?.slug === draft.workflow ? data?.workflow : undefined;

  function change(part: Partial<ScheduleDraft>) {
    setDraft({ ...draft, ...part });
    setProblems({});
    setFailure(undefined);
  }

  async function submit() {
    const missing = {
      ...(draft.name.trim() === '' && { name: 'Give it a name.' }),
      ...(!chosen && { workflow: 'Choose what it makes jobs of.' }),
      ...missingIn(requestOf(draft.times)),
    };
    setProblems(missing);
    const given = input.current?.check();
    if (Object.keys(missing).length > 0 || !chosen || !given || sending) return;
    const outcome = await save(draft, chosen.slug, given);
    if ('saved' in outcome) {
      tellDone(schedule ? 'Schedule saved' : 'Schedule made', outcome.saved.name);
      onClose();
    } else if ('issues' in outcome) {
      const found = byField(outcome.issues);
      setProblems(found);
      const others = outcome.issues.filter(({ path }) => !FIELDS.includes(path.split('/')[1] ?? ''));
      if (others.length > 0) input.current?.showIssues(others, outcome.message);
    } else {
      setFailure(`${outcome.failure.title}. ${outcome.failure.message}`);
    }
  }

  return (
    <DialogForm
      ref={form}
      submit={schedule ? 'Save' : 'Make the schedule'}
      sending={sending}
      failure={failure}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className={classes.names}>
        <TextInput
          label="Name"
          placeholder="Such as Nightly report"
          data-autofocus
          maxLength={100}
          error={problems.name}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <WorkflowSelect
          value={draft.workflow}
          error={problems.workflow}
          onChange={(slug) => change({ workflow: slug })}
        />
      </div>
      <TimesFields
        times={draft.times}
        preview={preview}
        problems={{ ...preview.problems, ...problems }}
        onChange={(times) => change({ times })}
      />
      {chosen ? (
        <ScheduleInput
          key={`${chosen.id} ${chosen.version}`}
          ref={input}
          inputSchema={chosen.inputSchema}
          start={chosen.slug === schedule?.workflow.slug ? schedule.input : undefined}
        />
      ) : (
        <NoInputYet
          chosen={draft.workflow}
          missing={data?.workflow === null}
          problem={error && describeError(error).message}
        />
      )}
      <OptionsFields options={draft.options} problems={problems} onChange={(options) => change({ options })} />
    </DialogForm>
  );
}

interface NoInputYetProps {
  chosen: string | undefined;
  missing: boolean;
  problem: string | undefined;
}

/** What stands in the place of the input while there is no workflow to ask for one. */
function NoInputYet({ chosen, missing, problem }: NoInputYetProps) {
  if (chosen === undefined) return <p className={layout.hint}>The input of the chosen workflow appears here.</p>;
  if (missing) return <p className={layout.failure}>There is no workflow “{chosen}”. Choose another one.</p>;
  if (problem !== undefined) return <p className={layout.failure}>{problem}</p>;
  return <Skeleton height={90} />;
}
