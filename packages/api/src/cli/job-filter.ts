import type { Command } from 'commander';
import type { JobFilter, JobPriority, JobStatus } from '../client/graphql.ts';
import { UsageError } from './exit-codes.ts';
import { repeated } from './repeated.ts';

const STATUSES: readonly JobStatus[] = [
  'CREATED',
  'QUEUED',
  'RUNNING',
  'WAITING',
  'PAUSED',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
];
export const PRIORITIES: readonly JobPriority[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

/** The options of a command that lists jobs. */
export interface FilterOptions {
  status?: string[];
  workflow?: string[];
  schedule?: string[];
  search?: string;
  subject?: string;
  label?: string[];
  priority?: string[];
  since?: string;
}

export function addFilterOptions(command: Command): Command {
  return command
    .option(
      '-s, --status <status>',
      `only in these states, comma-separated or repeated: ${STATUSES.join(', ').toLowerCase()}`,
      repeated,
    )
    .option('-w, --workflow <slug>', 'only of these workflows', repeated)
    .option('--schedule <id>', 'only made by these schedules', repeated)
    .option('--search <text>', 'only with this text in the workflow or subject, or with this part of an id')
    .option('--subject <subject>', 'only about exactly this')
    .option('--label <label>', 'only with all of these labels', repeated)
    .option('--priority <priority>', `only with these priorities: ${PRIORITIES.join(', ').toLowerCase()}`, repeated)
    .option('--since <duration>', 'only created within this time, such as 30m, 24h or 7d');
}

export function filterOf({
  label,
  priority,
  schedule,
  search,
  since,
  status,
  subject,
  workflow,
}: FilterOptions): JobFilter {
  return {
    status: wordsOf(status)?.map((text) => oneOf(STATUSES, text, '--status')),
    priority: wordsOf(priority)?.map((text) => oneOf(PRIORITIES, text, '--priority')),
    workflow: wordsOf(workflow),
    schedule: wordsOf(schedule),
    labels: label,
    search,
    subject,
    createdAfter: since === undefined ? undefined : new Date(Date.now() - millisecondsOf(since)).toISOString(),
  };
}

/** `-s queued,failed` means the same as `-s queued -s failed`. */
function wordsOf(given: readonly string[] | undefined): string[] | undefined {
  return given?.flatMap((text) => text.split(',')).filter(Boolean);
}

export function oneOf<Value extends string>(values: readonly Value[], text: string, option: string): Value {
  const value = values.find((candidate) => candidate === text.toUpperCase());
  if (value) return value;
  throw new UsageError(`${option} ${text}: choose from ${values.join(', ').toLowerCase()}.`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function millisecondsOf(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  if (factor === undefined) throw new UsageError(`--since ${text}: write a time such as 30m, 24h or 7d.`);
  return Number(amount) * factor;
}
