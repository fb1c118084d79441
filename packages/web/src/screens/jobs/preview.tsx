import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../../app/graphql.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { useKept } from '../../app/use-kept.ts';
import { useLive } from '../../live/use-live.ts';
import { AnsiText } from '../../logs/ansi-text.tsx';
import { useLog } from '../../logs/use-log.ts';
import { isFinal } from '../../status/tone.ts';
import { formatOffset } from '../../time/duration.ts';
import { Bars } from '../../timeline/bars.tsx';
import classes from './preview.module.css';

const LINES = 6;

const PreviewFields = graphql(`
  fragment PreviewFields on Job @_unmask {
    id
    status
    createdAt
    startedAt
    steps: stepsConnection(first: 8) {
      totalCount
      edges {
        cursor
        node {
          id
          key
          name
          status
          startedAt
          completedAt
          durationMs
        }
      }
    }
  }
`);

const JobPreview = graphql(
  `
    query JobPreview($id: ID!) {
      job(id: $id) {
        ...PreviewFields
      }
    }
  `,
  [PreviewFields],
);

const JobPreviewUpdated = graphql(
  `
    subscription JobPreviewUpdated($id: ID!, $after: String) {
      jobUpdated(id: $id, after: $after) {
        cursor
        job {
          ...PreviewFields
        }
        deletedId
      }
    }
  `,
  [PreviewFields],
);

/** An opened row: when its first steps ran, and the last lines of its log, live while it runs. */
export default function Preview({ id }: { id: string }) {
  const [result] = useQuery({ query: JobPreview, variables: { id }, requestPolicy: 'cache-and-network' });
  const job = useKept(result)?.job;
  useLive(JobPreviewUpdated, { id }, () => {}, { pause: !job || isFinal(job.status) });

  if (result.error && !job) return <div className={classes.root}>The steps could not be read.</div>;
  const steps = job?.steps.edges.map(({ node }) => node) ?? [];
  const more = (job?.steps.totalCount ?? 0) - steps.length;
  return (
    <div className={classes.root}>
      <div className={classes.steps}>
        {job ? <Bars steps={steps} /> : rowNumbers(4).map((row) => <Skeleton key={row} height={10} my={7} />)}
        {more > 0 && (
          <Link className={classes.more} to={`/jobs/${id}`}>
            and {more} more {more === 1 ? 'step' : 'steps'}
          </Link>
        )}
      </div>
      <Tail id={id} from={job?.startedAt ?? job?.createdAt} />
    </div>
  );
}

function Tail({ id, from }: { id: string; from: string | undefined }) {
  const { state } = useLog(id, {}, { page: LINES });
  const lines = state.lines.slice(-LINES);
  return (
    <div className={classes.tail} role="log" aria-label="Last lines of the log" aria-live="off">
      {state.error !== undefined && <span className={classes.empty}>{state.error}</span>}
      {state.error === undefined && lines.length === 0 && (
        <span className={classes.empty}>{state.loading === 'nothing' ? 'No lines yet' : ''}</span>
      )}
      {lines.map((line) => (
        <div key={line.seq} className={classes.line} data-level={line.level}>
          <span className={classes.time}>{from ? formatOffset(Date.parse(line.at) - Date.parse(from)) : ''}</span>
          <span className={classes.text}>
            <AnsiText text={line.message.slice(0, 400)} />
          </span>
        </div>
      ))}
    </div>
  );
}
