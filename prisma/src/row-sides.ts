/** What rows of a list show from beside the job: its workflow, its cost, the steps it names. One statement for a whole page. */
import type { StepStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import type { Cost } from './cost.ts';

export interface WorkflowHead {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  currentVersion: number;
}

export interface StepHead {
  id: string;
  jobId: string;
  key: string;
  index: number;
  name: string;
  type: string;
  uses: string | null;
  status: StepStatus;
}

/** The columns that these heads have. */
export const WORKFLOW_HEAD: readonly string[] = ['id', 'slug', 'name', 'description', 'currentVersion'];
export const STEP_HEAD: readonly string[] = ['id', 'jobId', 'key', 'index', 'name', 'type', 'uses', 'status'];

export interface StepPlace {
  jobId: string;
  key: string;
}

export interface WantedSides {
  /** Ids of jobs. */
  costs: readonly string[];
  workflows: readonly string[];
  steps: readonly StepPlace[];
}

type Side =
  | {
      kind: 'cost';
      data: Record<'jobId' | 'microUsd' | 'inputTokens' | 'outputTokens', string> &
        Omit<Cost, 'microUsd' | 'inputTokens' | 'outputTokens'>;
    }
  | { kind: 'workflow'; data: WorkflowHead }
  | { kind: 'step'; data: StepHead };

export interface Sides {
  /** By job; one without steps is missing. */
  costs: Map<string, Cost>;
  workflows: Map<string, WorkflowHead>;
  /** By `stepPlaceText`. */
  steps: Map<string, StepHead>;
}

const COSTS = `
  SELECT 'cost' AS kind, jsonb_build_object('jobId', s.job_id, 'microUsd', sum(s.micro_usd)::text,
    'inputTokens', sum(s.input_tokens)::text, 'outputTokens', sum(s.output_tokens)::text,
    'costPartial', bool_or(s.cost_partial), 'unpricedModels', ARRAY(
      SELECT DISTINCT unnest(u.unpriced_models) AS model FROM job_step u
      WHERE u.job_id = s.job_id AND cardinality(u.unpriced_models) > 0 ORDER BY model)) AS data
  FROM job_step s WHERE s.job_id = ANY($1::uuid[]) GROUP BY s.job_id`;

const WORKFLOWS = `
  SELECT 'workflow', jsonb_build_object('id', w.id, 'slug', w.slug, 'name', w.name, 'description', w.description,
    'currentVersion', w.current_version)
  FROM workflow w WHERE w.id = ANY($2::uuid[])`;

const STEPS = `
  SELECT 'step', jsonb_build_object('id', s.id, 'jobId', s.job_id, 'key', s.key, 'index', s.index, 'name', s.name,
    'type', s.type, 'uses', s.uses, 'status', s.status)
  FROM unnest($3::uuid[], $4::text[]) AS wanted(job_id, key) JOIN job_step s ON s.job_id = wanted.job_id AND s.key = wanted.key`;

/** For whoever may see the jobs: what is named belongs to them. */
export async function readSides(db: Database, { costs, steps, workflows }: WantedSides): Promise<Sides> {
  const { rows } = await db.pool.query<Side>({
    name: 'read-sides',
    text: [COSTS, WORKFLOWS, STEPS].join(' UNION ALL '),
    values: [costs, workflows, steps.map(({ jobId }) => jobId), steps.map(({ key }) => key)],
  });
  const sides: Sides = { costs: new Map(), workflows: new Map(), steps: new Map() };
  for (const side of rows) {
    if (side.kind === 'workflow') sides.workflows.set(side.data.id, side.data);
    else if (side.kind === 'step') sides.steps.set(stepPlaceText(side.data), side.data);
    else {
      const { inputTokens, jobId, microUsd, outputTokens, ...rest } = side.data;
      const amounts = {
        microUsd: BigInt(microUsd),
        inputTokens: BigInt(inputTokens),
        outputTokens: BigInt(outputTokens),
      };
      sides.costs.set(jobId, { ...amounts, ...rest });
    }
  }
  return sides;
}

export function stepPlaceText({ jobId, key }: StepPlace): string {
  return `${jobId}/${key}`;
}
