import { Button, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { graphql, type ResultOf } from '../../app/graphql.ts';
import { NotFound } from '../../app/not-found.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { JsonView } from '../../json/json-view.tsx';
import { Ago } from '../../time/ago.tsx';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import classes from './screen.module.css';
import { WorkflowSteps } from './steps.tsx';

const Source = lazy(() => import('./source.tsx'));

const WorkflowPage = graphql(`
  query WorkflowPage($slug: String!) {
    workflow(slug: $slug) {
      id
      slug
      name
      description
      version
      source
      inputSchema
      steps {
        key
        name
        type
        needs
        condition
      }
      versions {
        version
        source
        createdAt
      }
    }
  }
`);

export type WorkflowOnPage = NonNullable<ResultOf<typeof WorkflowPage>['workflow']>;

/** One workflow: its steps, its source and its versions. */
export function WorkflowScreen() {
  const { slug = '' } = useParams();
  return <WorkflowNamed key={slug} slug={slug} />;
}

function WorkflowNamed({ slug }: { slug: string }) {
  const [{ data, error, fetching }, read] = useQuery({
    query: WorkflowPage,
    variables: { slug },
    requestPolicy: 'cache-and-network',
  });
  const workflow = data?.workflow;
  usePageTitle(workflow?.name ?? 'Workflow');

  if (workflow) return <WorkflowOf workflow={workflow} />;
  if (error && !data) return <Failed page error={error} retry={() => read({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) {
    return (
      <div className={classes.screen} role="status" aria-label="Loading the workflow">
        <Skeleton height={16} width={220} />
        <Skeleton height={10} width="50%" mt={14} />
      </div>
    );
  }
  return (
    <NotFound title="There is no such workflow" back={{ to: '/workflows', label: 'All workflows' }}>
      <span className="sb-mono">{slug}</span> is not the name of a workflow.
    </NotFound>
  );
}

function WorkflowOf({ workflow }: { workflow: WorkflowOnPage }) {
  const create = useCreateDialog();
  const [version, setVersion] = useState(workflow.version);
  const source = workflow.versions.find((candidate) => candidate.version === version)?.source ?? workflow.source;
  return (
    <div className={classes.screen}>
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
        <span className="sb-mute">v{workflow.version}</span>
        <span className={classes.actions}>
          <Button component={Link} to={`/jobs?workflow=${encodeURIComponent(workflow.slug)}`}>
            Jobs
          </Button>
          <Button variant="primary" onClick={() => create.open(workflow.slug)}>
            New job
          </Button>
        </span>
      </div>
      {workflow.description !== null && <p className={classes.description}>{workflow.description}</p>}

      <div className={classes.columns}>
        <div>
          <section className={classes.card}>
            <h2 className={classes.title}>Steps</h2>
            <WorkflowSteps steps={workflow.steps} />
          </section>
          <section className={classes.card}>
            <h2 className={classes.title}>Input</h2>
            <div className={classes.padded}>
              <JsonView value={workflow.inputSchema} openTo={3} />
            </div>
          </section>
        </div>
        <section className={classes.card}>
          <div className={classes.sourceHead}>
            <h2 className={classes.title}>Source</h2>
            <label className={classes.versions}>
              <span className="sb-hidden">Version</span>
              <select value={version} onChange={(event) => setVersion(Number(event.currentTarget.value))}>
                {workflow.versions.map((candidate) => (
                  <option key={candidate.version} value={candidate.version}>
                    v{candidate.version}
                    {candidate.version === workflow.version && ' (present)'}
                  </option>
                ))}
              </select>
              <VersionAge workflow={workflow} version={version} />
            </label>
            <CopyButton value={source} label="Copy the source" />
          </div>
          <div className={classes.source}>
            <Suspense fallback={<Skeleton height={220} />}>
              <Source text={source} />
            </Suspense>
          </div>
        </section>
      </div>
    </div>
  );
}

function VersionAge({ workflow, version }: { workflow: WorkflowOnPage; version: number }) {
  const at = workflow.versions.find((candidate) => candidate.version === version)?.createdAt;
  return at === undefined ? null : (
    <span className="sb-mute">
      <Ago at={at} />
    </span>
  );
}
