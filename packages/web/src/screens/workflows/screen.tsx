import { Button, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconRoute, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { graphql } from '../../app/graphql.ts';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { useKept } from '../../app/use-kept.ts';
import { useKeys } from '../../app/use-keys.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { formatDuration } from '../../time/duration.ts';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import { RecentMarks } from '../workflow/recent-marks.tsx';
import { useReadAtBeat } from '../workflow/use-read-at-beat.ts';
import classes from './screen.module.css';

const PAGE = 50;
/** The API gives no more at once; who has more than this searches. */
const MOST = 100;

const WorkflowsPage = graphql(`
  query WorkflowsPage($first: Int!, $search: String) {
    workflows(first: $first, search: $search) {
      totalCount
      edges {
        cursor
        node {
          id
          slug
          name
          description
          version
          usualDurationMs
          successRate
          steps {
            key
          }
          recentJobs(first: 10) {
            id
            status
            cancelRequestedAt
            pauseRequestedAt
            createdAt
          }
        }
      }
    }
  }
`);

/** The workflows that jobs are made of, and how they do lately. */
export function WorkflowsScreen() {
  usePageTitle('Workflows');
  const create = useCreateDialog();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const [first, setFirst] = useState(PAGE);
  const [result, read] = useQuery({
    query: WorkflowsPage,
    variables: { first, search: settled || undefined },
    requestPolicy: 'cache-and-network',
  });
  const { error, fetching } = result;
  const data = useKept(result);
  const reload = () => read({ requestPolicy: 'network-only' });
  useReadAtBeat(useActivityBeat(), reload);
  useKeys([['/', () => document.querySelector<HTMLElement>('input[data-workflow-search]')?.focus()]]);
  const workflows = data?.workflows.edges.map(({ node }) => node) ?? [];
  const rest = (data?.workflows.totalCount ?? 0) - workflows.length;

  return (
    <div className={classes.screen}>
      <div className={classes.head}>
        <h1>Workflows</h1>
        <TextInput
          className={classes.search}
          styles={{ input: { height: 30, minHeight: 30 } }}
          aria-label="Search workflows"
          placeholder="Search"
          data-workflow-search
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Button component={Link} to="/new-workflow" variant="primary" leftSection={<IconPlus size={15} />}>
          New workflow
        </Button>
      </div>
      {error && !data ? (
        <Failed error={error} retry={reload} />
      ) : !data ? (
        <Loading />
      ) : workflows.length === 0 ? (
        <Message
          icon={<IconRoute size={22} />}
          title={settled === '' ? 'No workflows yet' : 'No workflow matches'}
          actions={
            settled === '' ? (
              <Button component={Link} to="/new-workflow" variant="primary">
                Write one
              </Button>
            ) : (
              <Button onClick={() => setSearch('')}>Show all</Button>
            )
          }
        >
          {settled === '' && 'A workflow is a YAML file. Those in the workflows folder are loaded at the start.'}
        </Message>
      ) : (
        <ul className={classes.list}>
          {workflows.map(
            ({ id, slug, name, description, version, steps, recentJobs, successRate, usualDurationMs }) => (
              <li key={id} className={classes.workflow}>
                <div className={classes.main}>
                  <Link to={`/workflows/${slug}`} className={classes.name}>
                    {name}
                  </Link>
                  <span className={classes.facts}>
                    <span className="sb-mono">{slug}</span> · v{version} · {steps.length}{' '}
                    {steps.length === 1 ? 'step' : 'steps'}
                  </span>
                  {description !== null && <p className={classes.description}>{description}</p>}
                </div>
                <span className={classes.marks}>
                  {recentJobs.length === 0 ? (
                    <span className="sb-mute">no job yet</span>
                  ) : (
                    <RecentMarks jobs={recentJobs} />
                  )}
                </span>
                <span className={classes.figure}>
                  {usualDurationMs !== null && (
                    <>
                      <span className="sb-number">{formatDuration(usualDurationMs)}</span>
                      <span className="sb-mute">usually</span>
                    </>
                  )}
                </span>
                <span className={classes.figure}>
                  {successRate !== null && (
                    <>
                      <span className="sb-number">{Math.round(successRate * 100)} %</span>
                      <span className="sb-mute">succeed</span>
                    </>
                  )}
                </span>
                <Link className={classes.jobs} to={`/jobs?workflow=${encodeURIComponent(slug)}`}>
                  Jobs<span className="sb-hidden"> of {name}</span>
                </Link>
                <Button onClick={() => create.open(slug)} aria-label={`New job of ${name}`}>
                  New job
                </Button>
              </li>
            ),
          )}
        </ul>
      )}
      {rest > 0 && first < MOST && (
        <Button className={classes.more} loading={fetching} onClick={() => setFirst(MOST)}>
          {Math.min(rest, MOST - workflows.length)} more
        </Button>
      )}
      {rest > 0 && first === MOST && <p className={classes.others}>{rest} others: search for them.</p>}
    </div>
  );
}

function Loading() {
  return (
    <div className={classes.list} aria-hidden="true">
      {rowNumbers(5).map((row) => (
        <div key={row} className={classes.workflow}>
          <div className={classes.main}>
            <Skeleton height={12} width={160 + row * 20} my={4} />
            <Skeleton height={10} width="55%" my={6} />
          </div>
        </div>
      ))}
    </div>
  );
}
