import { Link } from 'react-router';
import { useClient } from 'urql';
import { ask } from '../../app/ask.ts';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import { once } from '../../app/once.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { shortId } from '../../ids/short-id.ts';
import { DeleteSchedule, RunSchedule, type Schedule, SetScheduleActive } from './documents.ts';

/** What can be done with a schedule besides changing it. Each says what came of it. */
export function useScheduleActions({ id, name }: Pick<Schedule, 'id' | 'name'>) {
  const client = useClient();
  const fail = (what: string, { title, message }: Failure) => tellFailure(`${what}: ${title}`, message);

  async function setActive(active: boolean) {
    const { data, error } = await client.mutation(SetScheduleActive, { id, active });
    const what = active ? 'Switch on' : 'Switch off';
    if (!data) fail(what, describeError(error));
    else if (data.setScheduleActive.__typename !== 'Schedule') fail(what, describeResult(data.setScheduleActive));
  }

  async function runNow() {
    const { data, error } = await client.mutation(RunSchedule, { id });
    if (!data) return fail('Run now', describeError(error));
    const result = data.runSchedule;
    if (result.__typename !== 'Job') return fail('Run now', describeResult(result));
    tellDone(
      `${name} runs now`,
      <Link className="sb-link" to={`/jobs/${result.id}`}>
        Open {result.workflow.name} {shortId(result.id)}
      </Link>,
    );
  }

  const run = () => once(`run ${id}`, runNow);

  async function removeNow() {
    const { data, error } = await client.mutation(DeleteSchedule, { id });
    if (!data) return fail('Delete', describeError(error));
    const result = data.deleteSchedule;
    if (result.__typename !== 'DeletedSchedule') return fail('Delete', describeResult(result));
    tellDone('Schedule deleted', name);
  }

  function remove() {
    ask({
      title: 'Delete this schedule?',
      children: (
        <>
          <p>
            <strong>{name}</strong>
          </p>
          <p className="sb-mute">It makes no more jobs. Those that it made stay.</p>
        </>
      ),
      confirm: 'Delete the schedule',
      cancel: 'Keep it',
      onConfirm: () => void removeNow(),
    });
  }

  return { setActive, run, remove };
}
