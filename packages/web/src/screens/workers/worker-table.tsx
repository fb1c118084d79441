import { Link } from 'react-router';
import { figureHeads, OpeningTable } from '../../app/data-table.tsx';
import { Opener } from '../../app/opener.tsx';
import { shortId } from '../../ids/short-id.ts';
import { StatusChip } from '../../status/status-chip.tsx';
import { Ago } from '../../time/ago.tsx';
import type { Worker } from './documents.ts';
import { formatMemory, workerLook } from './health.ts';
import { Meter } from './meter.tsx';
import classes from './screen.module.css';

const HEADS = [
  'Worker',
  'Health',
  'Slots',
  'Processor',
  ...figureHeads(['Memory', 'Load']),
  'Version',
  'Queues',
  ...figureHeads(['Last seen']),
];

/** The workers, each opening to the step types it can run and the jobs it holds. */
export function WorkerTable({ workers }: { workers: readonly Worker[] }) {
  return (
    <OpeningTable
      heads={HEADS}
      items={workers}
      row={(worker, opener) => <Row worker={worker} {...opener} />}
      details={(worker) => <Details worker={worker} />}
    />
  );
}

function Row({ worker, opened, onToggle }: { worker: Worker; opened: boolean; onToggle: () => void }) {
  const { name, host, pid, healthy, concurrency, criticalSlots, runningJobs, cpuPercent, cpus } = worker;
  return (
    <tr data-gone={!healthy || undefined} className={classes.row}>
      <td data-opener>
        <Opener opened={opened} what={`what ${name} runs`} onToggle={onToggle} />
      </td>
      <th scope="row">
        <span>
          {name}{' '}
          <span className={classes.where}>
            {host !== null && host !== name && `${host} `}
            {pid !== null && `pid ${pid}`}
          </span>
        </span>
      </th>
      <td data-label="Health">
        <StatusChip look={workerLook(worker)} />
      </td>
      <td data-label="Slots">
        <Meter
          running
          label={`Slots of ${name} that are taken`}
          value={runningJobs}
          most={concurrency}
          text={`${runningJobs} of ${concurrency}${criticalSlots > 0 ? ` + ${criticalSlots}` : ''}`}
        />
      </td>
      <td data-label="Processor">
        {cpuPercent === null || !healthy ? (
          '–'
        ) : (
          <Meter
            label={`Processor time of ${name}`}
            value={cpuPercent}
            most={100 * (cpus ?? 1)}
            text={`${Math.round(cpuPercent)}%${cpus === null ? '' : ` of ${cpus}`}`}
          />
        )}
      </td>
      <td data-label="Memory" data-right>
        {worker.rssBytes === null ? '–' : formatMemory(worker.rssBytes)}
      </td>
      <td data-label="Load" data-right title="The load of its machine over a minute">
        {worker.loadAverage === null ? '–' : worker.loadAverage.toFixed(2)}
      </td>
      <td data-label="Version">{worker.version ?? 'unknown'}</td>
      <td data-label="Queues">{worker.queues.join(', ')}</td>
      <td data-label="Last seen" data-right>
        <Ago at={worker.stoppedAt ?? worker.lastSeenAt} />
      </td>
    </tr>
  );
}

function Details({ worker }: { worker: Worker }) {
  return (
    <dl className={classes.details}>
      <div>
        <dt>Started</dt>
        <dd>
          <Ago at={worker.startedAt} />
        </dd>
      </div>
      <div>
        <dt>Step types</dt>
        <dd className={classes.types}>
          {worker.stepTypes.map((type) => (
            <span key={type} className={classes.type}>
              {type}
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>Holds now</dt>
        <dd>
          {worker.jobs.length === 0 && <span className="sb-mute">no job</span>}
          <ul className={classes.jobs}>
            {worker.jobs.map((job) => (
              <li key={job.id}>
                <Link className="sb-link" to={`/jobs/${job.id}`}>
                  <span className="sb-mono">{shortId(job.id)}</span> {job.workflow.slug}
                </Link>{' '}
                <span className="sb-mute">{job.subject}</span>
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  );
}
