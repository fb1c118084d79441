import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useClient } from 'urql';
import { describeError, describeResult } from '../../../app/failure.ts';
import type { JsonObject } from '../../../app/graphql.ts';
import { tellDone } from '../../../app/tell.tsx';
import { shortId } from '../../../ids/short-id.ts';
import { again } from './again.ts';
import { ForkJob, RerunWithInput } from './documents.ts';

interface Wanted {
  /** Begins there when given; else at the beginning. */
  fromStep?: string;
  /** Another input; that of the old job without it. */
  input: JsonObject | undefined;
  outputs?: JsonObject;
}

interface Refusal {
  message: string;
  issues?: readonly { path: string; message: string }[];
}

/** Makes the new job and goes to it; resolves with what stood in the way. */
export function useRepeat(id: string) {
  const client = useClient();
  const navigate = useNavigate();
  const [sending, setSending] = useState(false);

  async function repeat({ fromStep, input, outputs }: Wanted): Promise<Refusal | undefined> {
    setSending(true);
    const { result, error } =
      fromStep === undefined
        ? await client
            .mutation(RerunWithInput, { id, input })
            .then(({ data, error }) => ({ result: data?.rerunJob, error }))
        : await client
            .mutation(ForkJob, { id, fromStep, input, outputs })
            .then(({ data, error }) => ({ result: data?.forkJob, error }));
    setSending(false);
    if (result?.__typename === 'Job') {
      again.set(undefined);
      void navigate(`/jobs/${result.id}`);
      tellDone('New job created', `${result.workflow.name} ${shortId(result.id)}`);
      return undefined;
    }
    if (result?.__typename === 'InvalidInput') return { message: result.message, issues: result.issues };
    const failure = result ? describeResult(result) : describeError(error);
    return { message: `${failure.title}. ${failure.message}` };
  }
  return { repeat, sending };
}
