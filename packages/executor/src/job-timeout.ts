import type { WorkflowDefinition } from '@signalbox/core/definition';
import type { ClaimedJob } from '@signalbox/db/executions';
import type { StopRequest } from './stop-request.ts';

/** Asks for a stop when the job has been held as long as its workflow allows, by all its workers together. Returns what ends the watch. */
export function watchJobTimeout({ definition, heldMs }: ClaimedJob, stop: StopRequest): () => void {
  if (definition.timeoutMs === undefined) return () => undefined;
  const timer = setTimeout(() => stop.ask('timed-out'), Math.max(0, definition.timeoutMs - heldMs));
  return () => clearTimeout(timer);
}

export function jobTimeoutMessage({ timeoutMs = 0 }: WorkflowDefinition): string {
  return `The job took longer than its timeout of ${timeoutMs / 1_000} s and was ended.`;
}
