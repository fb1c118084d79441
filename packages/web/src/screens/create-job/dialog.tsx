import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { Dialog } from '../../app/dialog.tsx';
import { describeError } from '../../app/failure.ts';
import classes from './dialog.module.css';
import { WorkflowForm } from './documents.ts';
import { JobDraft } from './job-draft.tsx';
import { useCreateDialog } from './use-create-dialog.ts';
import { WorkflowSelect } from './workflow-select.tsx';

/** Makes a new job: which workflow, with which input. */
export default function CreateJobDialog() {
  const { workflow: slug, from, choose, close } = useCreateDialog();
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
    <Dialog
      onClose={close}
      title="New job"
      size={660}
      classNames={{ body: classes.body, content: classes.content, header: classes.header }}
    >
      {workflow ? (
        <JobDraft
          key={`${workflow.id} ${workflow.version}`}
          workflow={workflow}
          from={from}
          select={select}
          onClose={close}
        />
      ) : (
        <div className={classes.scroll}>
          {select}
          {slug === undefined && <p className={classes.hint}>Its form appears here.</p>}
          {missing && <p className={classes.failure}>There is no workflow “{slug}”. Choose another one.</p>}
          {error && !data && <p className={classes.failure}>{describeError(error).message}</p>}
          {slug !== undefined && !missing && !error && <Loading />}
        </div>
      )}
    </Dialog>
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
