import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useClient } from 'urql';
import { describeError, describeResult } from '../app/failure.ts';
import type { JobPriority } from '../app/graphql.ts';
import { tellDone, tellFailure } from '../app/tell.tsx';
import { PRIORITIES, PRIORITY_WORDS } from '../status/priority.ts';
import { SetJobPriority } from './documents.ts';

interface Props {
  job: { id: string; priority: JobPriority; workflow: { name: string } };
}

/** Menu items that change the place of a job among those that wait. */
export function PriorityItems({ job }: Props) {
  const client = useClient();

  async function prioritise(priority: JobPriority): Promise<void> {
    const { data, error } = await client.mutation(SetJobPriority, { id: job.id, priority });
    const result = data?.setJobPriority;
    if (result?.__typename === 'Job') {
      tellDone(`Priority: ${PRIORITY_WORDS[priority]}`, job.workflow.name);
      return;
    }
    const failure = result ? describeResult(result) : describeError(error);
    tellFailure(`Priority: ${failure.title}`, failure.message);
  }

  return (
    <>
      <Menu.Divider />
      <Menu.Label>Priority</Menu.Label>
      {PRIORITIES.map((priority) => (
        <Menu.Item
          key={priority}
          disabled={priority === job.priority}
          leftSection={<IconCheck size={15} visibility={priority === job.priority ? 'visible' : 'hidden'} />}
          onClick={() => void prioritise(priority)}
        >
          {PRIORITY_WORDS[priority]}
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}
