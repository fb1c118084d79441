import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconEraser, IconTemplate, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { describeError } from '../../app/failure.ts';
import { tellFailure } from '../../app/tell.tsx';
import { shortId } from '../../ids/short-id.ts';
import { StatusBadge } from '../../status/status-chip.tsx';
import { JOB_LOOKS, jobLook } from '../../status/tone.ts';
import { Ago } from '../../time/ago.tsx';
import { JobToStartFrom, StartingPoints } from './documents.ts';
import type { StartingPoint } from './draft.ts';
import classes from './start-from.module.css';
import { useTemplates } from './use-templates.ts';

interface Props {
  slug: string;
  onStart: (from: StartingPoint) => void;
  onEmpty: () => void;
}

/** What a job can begin with: the last success, another past job, a template, or nothing. */
export function StartFrom({ slug, onStart, onEmpty }: Props) {
  const client = useClient();
  const [opened, setOpened] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [{ data }, read] = useQuery({
    query: StartingPoints,
    variables: { slug },
    requestPolicy: 'cache-and-network',
    pause: !opened,
  });
  const { remove } = useTemplates(slug);
  const success = data?.succeeded.edges[0]?.node;
  const jobs = data?.latest.edges.map(({ node }) => node) ?? [];
  const templates = data?.inputTemplates ?? [];

  async function fromJob(id: string) {
    const { data: found, error } = await client.query(JobToStartFrom, { id });
    if (found?.job) return onStart(found.job);
    tellFailure('This job could not be read', found ? 'It was deleted.' : describeError(error).message);
  }

  return (
    <Menu
      opened={opened}
      onChange={(next) => {
        setOpened(next);
        setDeleting(false);
      }}
      width={320}
      closeOnItemClick={!deleting}
    >
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" rightSection={<IconChevronDown size={14} />}>
          Start from
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        {success && (
          <Menu.Item
            leftSection={<StatusBadge look={JOB_LOOKS.COMPLETED} />}
            rightSection={<Ago at={success.createdAt} />}
            onClick={() => void fromJob(success.id)}
          >
            The last success
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconEraser size={16} />} onClick={onEmpty}>
          Nothing but the defaults
        </Menu.Item>
        {templates.length > 0 && <Menu.Label>{deleting ? 'Delete a template' : 'Templates'}</Menu.Label>}
        {templates.map(({ id, name, input, priority, subject, labels, updatedAt }) =>
          deleting ? (
            <Menu.Item
              key={id}
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => void remove(id, name).then(() => read({ requestPolicy: 'network-only' }))}
            >
              Delete “{name}”
            </Menu.Item>
          ) : (
            <Menu.Item
              key={id}
              leftSection={<IconTemplate size={16} />}
              rightSection={<Ago at={updatedAt} />}
              onClick={() => onStart({ input, priority, subject, labels, template: name })}
            >
              <span className={classes.name}>{name}</span>
            </Menu.Item>
          ),
        )}
        {templates.length > 0 && (
          <Menu.Item closeMenuOnClick={false} className={classes.quiet} onClick={() => setDeleting(!deleting)}>
            {deleting ? 'Done deleting' : 'Delete templates'}
          </Menu.Item>
        )}
        {jobs.length > 0 && !deleting && <Menu.Label>Past jobs</Menu.Label>}
        {!deleting &&
          jobs.map((job) => (
            <Menu.Item
              key={job.id}
              leftSection={<StatusBadge look={jobLook(job.status, job)} />}
              rightSection={<Ago at={job.createdAt} />}
              onClick={() => void fromJob(job.id)}
            >
              <span className={classes.name}>{job.subject ?? <span className="sb-mono">{shortId(job.id)}</span>}</span>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
