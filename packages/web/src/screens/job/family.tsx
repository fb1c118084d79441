import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import type { ResultOf } from '../../app/graphql.ts';
import { useKept } from '../../app/use-kept.ts';
import { shortId } from '../../ids/short-id.ts';
import { StatusBadge } from '../../status/status-chip.tsx';
import { JOB_LOOKS } from '../../status/tone.ts';
import { Ago } from '../../time/ago.tsx';
import { JobFamily } from './documents.ts';
import classes from './info-parts.module.css';
import sectionClasses from './json-section.module.css';
import type { StepOnPage } from './on-page.ts';

type Family = NonNullable<ResultOf<typeof JobFamily>['job']>;
type Related = Family['reruns'][number];

/** The jobs that this one came from, and those that came from it or are part of it. */
export function FamilySection({ jobId, steps }: { jobId: string; steps: readonly StepOnPage[] }) {
  const family = useKept(
    useQuery({ query: JobFamily, variables: { id: jobId }, requestPolicy: 'cache-and-network' })[0],
  )?.job;
  const children = steps.filter(({ childJob }) => childJob !== null);
  if (!family || (children.length === 0 && !hasRelatives(family))) return null;
  const { parent, parentStep } = family;
  return (
    <section className={sectionClasses.section}>
      <div className={sectionClasses.head}>
        <h2 className={sectionClasses.title}>Lineage</h2>
      </div>
      <ul className={`${classes.list} ${sectionClasses.value}`}>
        {parent && (
          <Relative
            how="part of"
            job={parent}
            query={parentStep ? `?step=${encodeURIComponent(parentStep.key)}` : ''}
          />
        )}
        {family.rerunOf && <Relative how="re-run of" job={family.rerunOf} />}
        {family.forkedFrom && <Relative how="fork of" job={family.forkedFrom} />}
        {family.forks.map((job) => (
          <Relative key={job.id} how="forked as" job={job} />
        ))}
        {family.reruns.map((job) => (
          <Relative key={job.id} how="re-run as" job={job} />
        ))}
        {children.map(({ id, name, childJob }) => childJob && <Child key={id} step={name} job={childJob} />)}
      </ul>
    </section>
  );
}

function hasRelatives({ parent, rerunOf, forkedFrom, forks, reruns }: Family): boolean {
  return parent !== null || rerunOf !== null || forkedFrom !== null || forks.length + reruns.length > 0;
}

function Relative({ how, job, query = '' }: { how: string; job: Related; query?: string }) {
  return (
    <Row how={how} status={job.status} to={`/jobs/${job.id}${query}`} id={job.id}>
      <Ago at={job.createdAt} />
    </Row>
  );
}

function Child({ step, job }: { step: string; job: NonNullable<StepOnPage['childJob']> }) {
  return <Row how={step} status={job.status} to={`/jobs/${job.id}`} id={job.id} />;
}

interface RowProps {
  how: string;
  status: Related['status'];
  to: string;
  id: string;
  children?: ReactNode;
}

function Row({ how, status, to, id, children }: RowProps) {
  return (
    <li className={classes.row}>
      <StatusBadge look={JOB_LOOKS[status]} />
      <span className={classes.main} title={how}>
        {how}
      </span>
      <Link className="sb-link sb-mono" to={to}>
        {shortId(id)}
      </Link>
      {children && <span className={classes.note}>{children}</span>}
    </li>
  );
}
