import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { Dialog } from '../../../app/dialog.tsx';
import { Failed } from '../../../app/failed.tsx';
import type { JobOnPage, StepOnPage } from '../on-page.ts';
import classes from './again.module.css';
import { type Again, again } from './again.ts';
import { JobToRepeat } from './documents.ts';
import { AgainForm } from './form.tsx';

interface Props {
  job: JobOnPage;
  steps: readonly StepOnPage[];
  asked: Again;
}

/** Makes a new job out of one that is there, with another input or with other outputs of its steps. */
export default function AgainDialog({ job, steps, asked }: Props) {
  const [{ data, error }, read] = useQuery({
    query: JobToRepeat,
    variables: { id: job.id },
    requestPolicy: 'cache-and-network',
  });
  const title = asked.mode === 'rerun' ? 'Run again with another input' : 'Run again from a step';
  return (
    <Dialog
      onClose={() => again.set(undefined)}
      title={title}
      size={640}
      classNames={{ header: classes.header, body: classes.body }}
    >
      {data?.job ? (
        <AgainForm
          job={job}
          steps={steps}
          asked={asked}
          input={data.job.input}
          schema={data.job.workflow.inputSchema}
        />
      ) : error ? (
        <Failed error={error} retry={() => read({ requestPolicy: 'network-only' })} />
      ) : (
        <Skeleton m="md" height={180} width="auto" />
      )}
    </Dialog>
  );
}
