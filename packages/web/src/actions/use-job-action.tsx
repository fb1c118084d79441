import type { OperationResult } from '@urql/core';
import { Link, useNavigate } from 'react-router';
import { useClient } from 'urql';
import { ask } from '../app/ask.ts';
import { describeError, describeResult, type Failure, type FailureResult } from '../app/failure.ts';
import { once } from '../app/once.ts';
import { tellDone, tellFailure } from '../app/tell.tsx';
import { shortId } from '../ids/short-id.ts';
import { ACTION_WORDS, type OfferedAction } from './actions.ts';
import { CancelJob, DeleteJob, PauseJob, RerunJob, ResumeJob, RetryJob, StartJob } from './documents.ts';

export interface ActionTarget {
  id: string;
  workflow: { name: string };
}

/** The job that came out of an action, or what is left of it. */
interface Done {
  __typename: 'Job' | 'DeletedJob';
  id: string;
}

interface Options {
  /** Whether a new job is opened at once, as on a job's page; else the notification links to it. */
  openNewJob?: boolean;
  onDeleted?: () => void;
}

/** A function that does something with a job: asks first where it must, and says afterwards what came of it. */
export function useJobAction({ openNewJob = false, onDeleted }: Options = {}) {
  const client = useClient();
  const navigate = useNavigate();

  async function perform(action: OfferedAction, id: string): Promise<Done | Failure> {
    switch (action) {
      case 'START':
        return read(await client.mutation(StartJob, { id }), (data) => data.startJob);
      case 'PAUSE':
        return read(await client.mutation(PauseJob, { id }), (data) => data.pauseJob);
      case 'RESUME':
        return read(await client.mutation(ResumeJob, { id }), (data) => data.resumeJob);
      case 'RETRY':
        return read(await client.mutation(RetryJob, { id }), (data) => data.retryJob);
      case 'CANCEL':
      case 'FORCE_CANCEL':
        return read(
          await client.mutation(CancelJob, { id, force: action === 'FORCE_CANCEL' }),
          (data) => data.cancelJob,
        );
      case 'RERUN':
        return read(await client.mutation(RerunJob, { id }), (data) => data.rerunJob);
      case 'DELETE':
        return read(await client.mutation(DeleteJob, { id }), (data) => data.deleteJob);
    }
  }

  async function performAndTell(action: OfferedAction, job: ActionTarget): Promise<void> {
    const outcome = await perform(action, job.id);
    if ('title' in outcome) {
      tellFailure(`${ACTION_WORDS[action].label}: ${outcome.title}`, outcome.message);
      return;
    }
    if (action === 'DELETE') onDeleted?.();
    const isNew = outcome.id !== job.id;
    if (isNew && openNewJob) void navigate(`/jobs/${outcome.id}`);
    const name = `${job.workflow.name} ${shortId(outcome.id)}`;
    const link = (
      <Link className="sb-link" to={`/jobs/${outcome.id}`}>
        Open {name}
      </Link>
    );
    tellDone(ACTION_WORDS[action].done, isNew && !openNewJob ? link : name);
  }

  return (action: OfferedAction, job: ActionTarget): void => {
    const { question } = ACTION_WORDS[action];
    const go = () => void once(`${action} ${job.id}`, () => performAndTell(action, job));
    if (!question) {
      go();
      return;
    }
    ask({
      title: question.title,
      children: (
        <>
          <p>
            <strong>{job.workflow.name}</strong> <span className="sb-mono sb-mute">{shortId(job.id)}</span>
          </p>
          <p className="sb-mute">{question.text}</p>
        </>
      ),
      confirm: question.confirm,
      cancel: 'Keep it',
      onConfirm: go,
    });
  };
}

function read<Data>(result: OperationResult<Data>, pick: (data: Data) => Done | FailureResult): Done | Failure {
  if (!result.data) return describeError(result.error);
  const outcome = pick(result.data);
  return isDone(outcome) ? outcome : describeResult(outcome);
}

function isDone(outcome: Done | FailureResult): outcome is Done {
  return outcome.__typename === 'Job' || outcome.__typename === 'DeletedJob';
}
