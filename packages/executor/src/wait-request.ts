import { checkSchema } from '@signalbox/core/input';
import type { JsonObject, ObjectSchema } from '@signalbox/core/json';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { SecretMask } from './secret-mask.ts';

/** What a step asks to wait for. */
export type WaitRequest =
  | { kind: 'TIME' | 'APPROVAL'; until: Date | null; approval: { message: string; form: ObjectSchema | null } | null }
  | { kind: 'JOB'; child: ChildRequest };

export interface ChildRequest {
  workflow: string;
  version: number | undefined;
  input: JsonObject;
}

const LONGEST_MESSAGE = 4_000;

/** True for what asks to park the step. */
export function isWait(result: unknown): result is { wait: object } {
  return (
    typeof result === 'object' &&
    result !== null &&
    'wait' in result &&
    typeof result.wait === 'object' &&
    result.wait !== null
  );
}

/** Checks what `run` gave back. Throws a PLUGIN failure that says what is wrong with it. */
export function readWait({ wait }: { wait: object }, mask: SecretMask): WaitRequest {
  const until = 'until' in wait && wait.until !== undefined ? readMoment(wait.until) : null;
  const asked = 'approval' in wait && wait.approval !== undefined ? wait.approval : null;
  if (asked === null && until === null) throw mistake('it names neither a moment ("until") nor an approval.');
  if (asked === null) return { kind: 'TIME', until, approval: null };
  if (typeof asked !== 'object') throw mistake('its approval is no object.');
  const message = 'message' in asked ? asked.message : undefined;
  if (typeof message !== 'string' || message.trim() === '') throw mistake('its approval has no message.');
  const form = 'form' in asked && asked.form !== undefined ? readForm(asked.form) : null;
  const approval = {
    message: mask.text(message).slice(0, LONGEST_MESSAGE),
    form: form && (mask.json(form as JsonObject) as ObjectSchema),
  };
  return { kind: 'APPROVAL', until, approval };
}

/** A date that has come from another process is text. */
function readMoment(given: unknown): Date {
  const moment = given instanceof Date || typeof given === 'string' ? new Date(given) : undefined;
  if (moment && !Number.isNaN(moment.getTime()) && Math.abs(moment.getUTCFullYear()) <= 9_999) return moment;
  throw mistake('its "until" is no date.');
}

function readForm(form: unknown): ObjectSchema {
  if (typeof form !== 'object' || form === null || !('type' in form) || form.type !== 'object')
    throw mistake('the form of its approval is no JSON Schema of an object.');
  const schema = JSON.parse(JSON.stringify(form)) as ObjectSchema;
  const [issue] = checkSchema(schema);
  if (issue) throw mistake(`the form of its approval is no JSON Schema: ${issue.path}: ${issue.message}`);
  return schema;
}

function mistake(what: string): StepFailure {
  return new StepFailure(`The step asked to wait, but ${what}`, { retryable: false });
}
