import { Button, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { NotFound } from '../../app/not-found.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { Tabs, tabId } from '../../app/tabs.tsx';
import { useKept } from '../../app/use-kept.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { formatDuration } from '../../time/duration.ts';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import { type WorkflowOnPage, WorkflowPage } from './documents.ts';
import { RecentMarks } from './recent-marks.tsx';
import classes from './screen.module.css';
import { keepSource } from './source-draft.ts';
import { useReadAtBeat } from './use-read-at-beat.ts';
import { Versions } from './versions.tsx';
import { useWorkflowView, WORKFLOW_TABS, type WorkflowTab } from './view.ts';

const Overview = lazy(() => import('./overview.tsx'));
const EditWorkflow = lazy(() => import('./edit.tsx'));

const TAB_WORDS: Record<WorkflowTab, string> = { overview: 'Overview', edit: 'Edit', versions: 'Versions' };

/** One workflow: what it does, how it does, its text to change, and its versions. */
export function WorkflowScreen() {
  const { slug = '' } = useParams();
  return <WorkflowNamed key={slug} slug={slug} />;
}

function WorkflowNamed({ slug }: { slug: string }) {
  const [result, read] = useQuery({
    query: WorkflowPage,
    variables: { slug },
    requestPolicy: 'cache-and-network',
  });
  const { error, fetching } = result;
  const data = useKept(result);
  const workflow = data?.workflow;
  const reload = () => read({ requestPolicy: 'network-only' });
  usePageTitle(workflow?.name ?? 'Workflow');
  useReadAtBeat(useActivityBeat(), reload);

  if (workflow) return <WorkflowOf workflow={workflow} reload={reload} />;
  if (error && !data) return <Failed page error={error} retry={reload} />;
  if (fetching || !data) {
    return (
      <div className={classes.screen} role="status" aria-label="Loading the workflow">
        <Skeleton height={16} width={220} />
        <Skeleton height={10} width="50%" mt={14} />
        <Skeleton height={320} mt={24} />
      </div>
    );
  }
  return (
    <NotFound title="There is no such workflow" back={{ to: '/workflows', label: 'All workflows' }}>
      <span className="sb-mono">{slug}</span> is not the name of a workflow.
    </NotFound>
  );
}

function WorkflowOf({ workflow, reload }: { workflow: WorkflowOnPage; reload: () => void }) {
  const create = useCreateDialog();
  const { view, change } = useWorkflowView();
  const facts = [
    `version ${workflow.version}`,
    workflow.usualDurationMs !== null && `usually ${formatDuration(workflow.usualDurationMs)}`,
    workflow.successRate !== null && `${Math.round(workflow.successRate * 100)} % succeed`,
  ].filter((fact) => fact !== false);
  return (
    <div className={classes.screen} data-full={view.tab === 'edit' || undefined}>
      <div className={classes.head}>
        <nav aria-label="Breadcrumb" className={classes.crumbs}>
          <Link to="/workflows" className="sb-link sb-mute">
            Workflows
          </Link>
          <span className="sb-faint" aria-hidden="true">
            /
          </span>
        </nav>
        <h1>{workflow.name}</h1>
        <span className="sb-mono sb-mute">{workflow.slug}</span>
        <RecentMarks jobs={workflow.recentJobs} />
        <span className="sb-mute sb-number">{facts.join(' · ')}</span>
        <span className={classes.actions}>
          <Button component={Link} to={`/jobs?workflow=${encodeURIComponent(workflow.slug)}`}>
            Jobs
          </Button>
          <Button component={Link} to={`/schedules?create=${encodeURIComponent(workflow.slug)}`}>
            Schedule…
          </Button>
          <Button variant="primary" onClick={() => create.open(workflow.slug)}>
            New job
          </Button>
        </span>
      </div>
      {workflow.description !== null && view.tab !== 'edit' && (
        <p className={classes.description}>{workflow.description}</p>
      )}
      <Tabs
        label="Parts of the workflow"
        controls="workflow-part"
        tabs={WORKFLOW_TABS.map((name) => ({
          name,
          label: TAB_WORDS[name],
          count: name === 'versions' ? workflow.versions.length : undefined,
        }))}
        chosen={view.tab}
        onChoose={(tab) => change({ tab })}
      />
      <div
        id="workflow-part"
        role="tabpanel"
        aria-labelledby={tabId('workflow-part', view.tab)}
        className={classes.part}
      >
        <Suspense fallback={<Skeleton height={360} />}>
          {view.tab === 'overview' && <Overview workflow={workflow} />}
          {view.tab === 'edit' && <EditWorkflow workflow={workflow} reload={reload} />}
          {view.tab === 'versions' && (
            <Versions
              workflow={workflow}
              view={view}
              onChange={change}
              onRestore={(source) => {
                keepSource(workflow.slug, { text: source, base: workflow.version });
                change({ tab: 'edit' });
              }}
            />
          )}
        </Suspense>
      </div>
    </div>
  );
}
