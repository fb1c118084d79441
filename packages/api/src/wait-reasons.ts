import type { WaitSight } from '@signalbox/db/wait-sights';

export type StepWaitReason = WaitSight['kind'];

/** What somebody can do something about comes first. */
const URGENCY = { APPROVAL: 0, JOB: 1, TIME: 2, RETRY: 3 } as const satisfies Record<StepWaitReason, number>;

export interface StepWait {
  reason: StepWaitReason;
  message: string;
  until: Date | undefined;
  /** Keys of the steps that wait, and ids of the jobs they wait for. */
  stepKeys: string[];
  jobs: string[];
}

/** Why a WAITING job, or one of its steps, waits; undefined when nothing of it does. */
export function reasonOf(sights: readonly WaitSight[]): StepWait | undefined {
  const [first, ...others] = sights.toSorted((one, other) => URGENCY[one.kind] - URGENCY[other.kind]);
  if (!first) return undefined;
  const many = others.length === 1 ? 'Another step waits too.' : `${others.length} other steps wait too.`;
  return {
    reason: first.kind,
    message: others.length === 0 ? inWords(first) : `${inWords(first)} ${many}`,
    until: first.wakeAt ?? undefined,
    stepKeys: sights.map(({ stepKey }) => stepKey),
    jobs: sights.flatMap(({ child }) => child?.id ?? []),
  };
}

function inWords({ child, kind, message, stepKey, wakeAt }: WaitSight): string {
  const step = `The step "${stepKey}"`;
  const moment = wakeAt?.toISOString();
  const timeUp = moment === undefined ? '' : ` Its time is up at ${moment}.`;
  switch (kind) {
    case 'APPROVAL':
      return `${step} waits for an approval: ${message} Approve or reject it.${timeUp}`;
    case 'JOB':
      return child
        ? `${step} waits for the job ${child.id} of the workflow "${child.workflow}".${timeUp}`
        : `${step} waits for a job that is gone; it goes on in a moment.`;
    case 'TIME':
      return `${step} waits until ${moment}.`;
    case 'RETRY':
      return `${step} failed, and is tried again at ${moment}.`;
  }
}
