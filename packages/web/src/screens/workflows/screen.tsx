import { Button, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconRoute, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { graphql } from '../../app/graphql.ts';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import classes from './screen.module.css';

const PAGE = 50;

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
          steps {
            key
          }
        }
      }
    }
  }
`);

/** The workflows that jobs are made of. */
export function WorkflowsScreen() {
  usePageTitle('Workflows');
  const create = useCreateDialog();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 200);
  const [first, setFirst] = useState(PAGE);
  const [{ data, error, fetching }, read] = useQuery({
    query: WorkflowsPage,
    variables: { first, search: settled || undefined },
    requestPolicy: 'cache-and-network',
  });
  const workflows = data?.workflows.edges.map(({ node }) => node) ?? [];
  const rest = (data?.workflows.totalCount ?? 0) - workflows.length;

  return (
    <div className={classes.screen}>
      <div className={classes.head}>
        <h1>Workflows</h1>
        <TextInput
          w={240}
          styles={{ input: { height: 30, minHeight: 30 } }}
          aria-label="Search workflows"
          placeholder="Search by name"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {error && !data ? (
        <Failed error={error} retry={() => read({ requestPolicy: 'network-only' })} />
      ) : !data && fetching ? (
        <Loading />
      ) : workflows.length === 0 ? (
        <Message icon={<IconRoute size={22} />} title={settled === '' ? 'No workflows yet' : 'No workflow matches'}>
          {settled === '' && 'A workflow is a YAML file. Those in the workflows folder are loaded at the start.'}
        </Message>
      ) : (
        <ul className={classes.list}>
          {workflows.map(({ id, slug, name, description, version, steps }) => (
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
              <Link className={classes.jobs} to={`/jobs?workflow=${encodeURIComponent(slug)}`}>
                Jobs
              </Link>
              <Button onClick={() => create.open(slug)} aria-label={`New job of ${name}`}>
                New job
              </Button>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && (
        <Button className={classes.more} loading={fetching} onClick={() => setFirst(first + PAGE)}>
          {rest} more
        </Button>
      )}
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
