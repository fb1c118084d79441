import { ActionIcon, TagsInput, TextInput } from '@mantine/core';
import { IconCheck, IconPencil } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useClient } from 'urql';
import { describeError, describeResult } from '../../app/failure.ts';
import { tellFailure } from '../../app/tell.tsx';
import { UpdateJob } from './documents.ts';
import classes from './info.module.css';
import type { JobOnPage } from './on-page.ts';

/** What the job is about, to be changed at any time. */
export function SubjectField({ job }: { job: JobOnPage }) {
  const [written, setWritten] = useState<string>();
  const save = useUpdate(job.id, () => setWritten(undefined));
  if (written === undefined) {
    return (
      <Shown label="Change the subject" onEdit={() => setWritten(job.subject ?? '')}>
        {job.subject ?? <span className="sb-faint">none</span>}
      </Shown>
    );
  }
  return (
    <Edited onSave={() => void save({ subject: written.trim() || null })} onLeave={() => setWritten(undefined)}>
      <TextInput
        size="xs"
        aria-label="Subject"
        autoFocus
        maxLength={500}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
      />
    </Edited>
  );
}

/** Words to find the job by, to be changed at any time. */
export function LabelsField({ job }: { job: JobOnPage }) {
  const [chosen, setChosen] = useState<string[]>();
  const save = useUpdate(job.id, () => setChosen(undefined));
  if (chosen === undefined) {
    return (
      <Shown label="Change the labels" onEdit={() => setChosen([...job.labels])}>
        {job.labels.length === 0 && <span className="sb-faint">none</span>}
        <span className={classes.labels}>
          {job.labels.map((label) => (
            <Link key={label} className={classes.label} to={`/jobs?label=${encodeURIComponent(label)}`}>
              {label}
            </Link>
          ))}
        </span>
      </Shown>
    );
  }
  return (
    <Edited onSave={() => void save({ labels: chosen })} onLeave={() => setChosen(undefined)}>
      <TagsInput
        size="xs"
        aria-label="Labels"
        autoFocus
        maxTags={50}
        acceptValueOnBlur
        value={chosen}
        onChange={setChosen}
      />
    </Edited>
  );
}

function Shown({ label, onEdit, children }: { label: string; onEdit: () => void; children: ReactNode }) {
  return (
    <>
      {children}
      <ActionIcon className={classes.edit} size={20} aria-label={label} onClick={onEdit}>
        <IconPencil size={13} />
      </ActionIcon>
    </>
  );
}

function Edited({ onSave, onLeave, children }: { onSave: () => void; onLeave: () => void; children: ReactNode }) {
  return (
    <form
      className={classes.editing}
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onLeave();
      }}
    >
      {children}
      <ActionIcon size={24} type="submit" aria-label="Save">
        <IconCheck size={15} />
      </ActionIcon>
    </form>
  );
}

function useUpdate(id: string, onDone: () => void) {
  const client = useClient();
  return async (change: { subject?: string | null; labels?: string[] }): Promise<void> => {
    const { data, error } = await client.mutation(UpdateJob, { id, ...change });
    const result = data?.updateJob;
    if (result?.__typename === 'Job') return onDone();
    const failure = result ? describeResult(result) : describeError(error);
    tellFailure(failure.title, failure.message);
  };
}
