/** What the mock engine knows: plain rows, named as the API names them. */

export type MockStatus = 'CREATED' | 'QUEUED' | 'RUNNING' | 'WAITING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
export type MockStepStatus = 'PENDING' | 'RUNNING' | 'WAITING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED';

export interface MockLine {
  seq: number;
  at: string;
  level: 'DEBUG' | 'INFO' | 'PROGRESS' | 'SUCCESS' | 'WARNING' | 'ERROR';
  message: string;
  stepKey: string | null;
}

export interface MockStep {
  id: string;
  key: string;
  index: number;
  name: string;
  type: string;
  needs: string[];
  status: MockStepStatus;
  startedAt: string | null;
  completedAt: string | null;
  error: { message: string; category: string } | null;
  /** How long it is going to take. */
  takesMs: number;
}

export interface MockJob {
  id: string;
  slug: string;
  status: MockStatus;
  priority: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  subject: string | null;
  labels: string[];
  input: Record<string, unknown>;
  createdAt: string;
  queuedAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
  updatedAt: string;
  cancelRequestedAt: string | null;
  pauseRequestedAt: string | null;
  steps: MockStep[];
  lines: MockLine[];
}

export interface MockWorkflow {
  id: string;
  slug: string;
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
  steps: { key: string; name: string; type: string; needs: string[] }[];
  versions: { version: number; source: string; createdAt: string }[];
}

export interface MockTemplate {
  id: string;
  slug: string;
  name: string;
  input: Record<string, unknown>;
  updatedAt: string;
}

export interface MockWorld {
  workflows: MockWorkflow[];
  jobs: MockJob[];
  templates: MockTemplate[];
}

/** A number from 0 to 1, the same ones for the same seed, so that a story looks the same each time. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

let ids = 0;

/** In the form of a UUIDv7. */
export function mockId(): string {
  ids += 1;
  return `0199c0de-0000-7000-8000-${String(ids).padStart(12, '0')}`;
}

export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

const text = (title: string, extra: object = {}) => ({ type: 'string', title, ...extra });

const KINDS: [slug: string, name: string, description: string, input: Record<string, unknown>, steps: string][] = [
  [
    'nightly-report',
    'Nightly report',
    'Reads what the shops sold, adds it up by region, and sends a summary.',
    {
      type: 'object',
      required: ['region'],
      properties: {
        region: text('Region', { enum: ['north', 'south', 'west'] }),
        day: text('Day', { format: 'date' }),
        limit: { type: 'integer', title: 'Most rows', default: 500, minimum: 1 },
      },
    },
    'fetch:command:,clean:tool:fetch,add-up:sqlite.query:clean,summary:prompt:add-up,send:tool:summary',
  ],
  [
    'release',
    'Release',
    'Builds, tests and publishes a version once somebody has approved it.',
    {
      type: 'object',
      required: ['version'],
      properties: { version: text('Version', { pattern: '^\\d+\\.\\d+\\.\\d+$' }) },
    },
    'checkout:command:,build:command:checkout,unit:command:build,e2e:command:build,approve:approval:unit e2e,publish:command:approve',
  ],
  [
    'triage',
    'Ticket triage',
    'An agent reads new tickets, looks things up, and proposes an owner.',
    { type: 'object', properties: { queue: text('Queue', { default: 'support' }) } },
    'read:tool:,triage:agent:read,write:tool:triage',
  ],
];

const SUBJECTS = [
  'acme/site',
  'north, week 47',
  'v2.14.0',
  'tickets of Tuesday',
  null,
  'acme/api',
  null,
  'backfill 2026-10',
];

/** A morning in a small company: three workflows, and as many jobs of them as are asked for. */
export function createWorld({ jobs = 32, seed = 7 }: { jobs?: number; seed?: number } = {}): MockWorld {
  ids = 0;
  const random = seededRandom(seed);
  const workflows = KINDS.map(([slug, name, description, inputSchema, steps]): MockWorkflow => {
    const parsed = steps.split(',').map((step) => {
      const [key = '', type = '', needs = ''] = step.split(':');
      const words = key.replaceAll('-', ' ');
      return { key, type, name: words[0]?.toUpperCase() + words.slice(1), needs: needs === '' ? [] : needs.split(' ') };
    });
    const source = (version: number) => sourceOf(slug, name, description, parsed, version);
    return {
      id: mockId(),
      slug,
      name,
      description,
      inputSchema,
      steps: parsed,
      versions: [2, 1].map((version) => ({
        version,
        source: source(version),
        createdAt: ago((3 - version) * 86_400_000),
      })),
    };
  });
  const world: MockWorld = { workflows, jobs: [], templates: [] };
  for (let number = jobs; number > 0; number -= 1) {
    const workflow = workflows[Math.floor(random() * workflows.length)];
    if (!workflow) continue;
    const job = newJob(workflow, {}, random);
    job.subject = SUBJECTS[number % SUBJECTS.length] ?? null;
    if (number > 4) finish(job, number * 400_000 * (0.6 + random()), random);
    world.jobs.unshift(job);
  }
  return world;
}

export function newJob(workflow: MockWorkflow, input: Record<string, unknown>, random: () => number): MockJob {
  const at = new Date().toISOString();
  return {
    id: mockId(),
    slug: workflow.slug,
    status: 'QUEUED',
    priority: 'MEDIUM',
    subject: null,
    labels: [],
    input,
    createdAt: at,
    queuedAt: at,
    startedAt: null,
    completedAt: null,
    updatedAt: at,
    cancelRequestedAt: null,
    pauseRequestedAt: null,
    lines: [],
    steps: workflow.steps.map((step, index) => ({
      ...step,
      id: mockId(),
      index,
      status: 'PENDING',
      startedAt: null,
      completedAt: null,
      error: null,
      takesMs: 1_500 + random() * 5_000,
    })),
  };
}

/** Makes a job one of the past: most completed, some failed, a few were cancelled. */
function finish(job: MockJob, agoMs: number, random: () => number): void {
  const luck = random();
  const end = luck < 0.1 ? 'CANCELLED' : luck < 0.25 ? 'FAILED' : 'COMPLETED';
  const stopsAt = end === 'COMPLETED' ? job.steps.length : 1 + Math.floor(random() * (job.steps.length - 1));
  let at = Date.now() - agoMs;
  job.createdAt = job.queuedAt = new Date(at - 900).toISOString();
  job.startedAt = new Date(at).toISOString();
  for (const step of job.steps) {
    if (step.index > stopsAt) {
      step.status = end === 'CANCELLED' ? 'CANCELLED' : 'SKIPPED';
      continue;
    }
    step.startedAt = new Date(at).toISOString();
    at += step.takesMs;
    step.completedAt = new Date(at).toISOString();
    const broke = step.index === stopsAt;
    step.status = broke ? end : 'COMPLETED';
    if (broke && end === 'FAILED') step.error = { message: `${step.name} answered with 503`, category: 'NETWORK' };
    say(job, step.key, broke ? 'ERROR' : 'SUCCESS', step.error?.message ?? `${step.name}: done`, step.completedAt);
  }
  job.status = end;
  job.completedAt = job.updatedAt = new Date(at).toISOString();
}

export function say(
  job: MockJob,
  stepKey: string | null,
  level: MockLine['level'],
  message: string,
  at?: string,
): void {
  job.lines.push({ seq: job.lines.length + 1, at: at ?? new Date().toISOString(), level, message, stepKey });
}

function sourceOf(
  slug: string,
  name: string,
  description: string,
  steps: MockWorkflow['steps'],
  version: number,
): string {
  const written = steps.map(
    ({ key, type, name: words, needs }) =>
      `  - key: ${key}\n    name: ${words}\n    type: ${type}\n    needs: [${needs.join(', ')}]\n    with: { run: ${key} --level ${version} }\n`,
  );
  return `slug: ${slug}\nname: ${name}\ndescription: ${description}\n\nsteps:\n${written.join('\n')}`;
}
