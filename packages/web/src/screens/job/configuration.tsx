import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { CopyButton } from '../../ids/copy-button.tsx';
import { JobSource } from './documents.ts';
import classes from './info-parts.module.css';
import type { JobOnPage } from './on-page.ts';
import { Section } from './section.tsx';

/** The workflow as the job froze it: what it runs, whatever has been saved since. */
export function ConfigurationSection({ job }: { job: JobOnPage }) {
  return (
    <Section title="Configuration" note={`version ${job.workflowVersion}`}>
      <Source slug={job.workflow.slug} version={job.workflowVersion} />
    </Section>
  );
}

function Source({ slug, version }: { slug: string; version: number }) {
  const [{ data, error, fetching }, read] = useQuery({ query: JobSource, variables: { slug } });
  const source = data?.workflow?.versions.find((one) => one.version === version)?.source;
  if (source === undefined) {
    if (error && !data && !fetching)
      return <Failed error={error} retry={() => read({ requestPolicy: 'network-only' })} />;
    return fetching ? <Skeleton height={60} /> : <p className="sb-mute">This version is not kept any more.</p>;
  }
  return (
    <>
      <div className={classes.sourceHead}>
        <Link className="sb-link" to={`/workflows/${slug}`}>
          Open the workflow
        </Link>
        <CopyButton value={source} label="Copy the source" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={classes.source} tabIndex={0}>
        {source}
      </pre>
    </>
  );
}
