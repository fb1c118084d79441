import { buildSchema, type ExecutionResult, execute, type GraphQLSchema, parse, subscribe, validate } from 'graphql';
import { plainField } from './defaults.ts';
import { feed } from './feed.ts';
import { mutations } from './mutations.ts';
import { createSettings, type MockScope, type MockSettings, settingsFields } from './settings.ts';
import { Simulation } from './simulation.ts';
import { STEP_TYPES } from './step-types.ts';
import {
  countsOf,
  type JobFilterArgs,
  matches,
  type PageArgs,
  pageOf,
  viewJob,
  viewLine,
  viewWorkflow,
} from './views.ts';
import { createWorld, type MockWorld } from './world.ts';

export interface MockOptions {
  world?: MockWorld;
  settings?: MockSettings;
  /** What the one in front of the screen may do; everything unless told. */
  scopes?: MockScope[];
  /** The chance of each step to fail; 0.05 unless told. */
  failureRate?: number;
  /** How long each answer takes, in milliseconds. */
  latencyMs?: number;
  /** `down` answers nothing at all, `endless` never answers, `forbidden` refuses everything. */
  mood?: 'fine' | 'down' | 'endless' | 'forbidden';
}

export interface MockRequest {
  /** Absent or empty where a build asks by hash; it is told that the hash is unknown, and asks again. */
  query?: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/**
 * Answers the API's whole schema from a world in memory, in which jobs go on by themselves. What the world does not
 * know is answered by the plainest value that the schema allows, so that any document of the app gets an answer.
 */
export class MockEngine {
  readonly schema: GraphQLSchema;
  readonly world: MockWorld;
  readonly settings: MockSettings;
  readonly simulation: Simulation;
  readonly options: Required<Omit<MockOptions, 'world' | 'settings'>>;

  /** @param schemaText the text of schema.graphql */
  constructor(
    schemaText: string,
    {
      world = createWorld(),
      settings = createSettings(),
      scopes = ['READ', 'OPERATE', 'ADMIN'],
      failureRate = 0.05,
      latencyMs = 60,
      mood = 'fine',
    }: MockOptions = {},
  ) {
    this.schema = buildSchema(schemaText);
    this.world = world;
    this.settings = settings;
    this.options = { scopes, failureRate, latencyMs, mood };
    this.simulation = new Simulation(world, { failureRate });
  }

  async answer(request: MockRequest): Promise<ExecutionResult> {
    if (this.options.mood === 'endless') return new Promise(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, this.options.latencyMs));
    if (this.options.mood === 'forbidden') return refusal();
    if (!request.query) return unknownHash();
    const document = parse(request.query);
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    return execute({ ...this.#common(request), document });
  }

  /** The payloads of a subscription, or one answer that says what is wrong with it. */
  async follow(request: MockRequest): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    if (!request.query) return unknownHash();
    const document = parse(request.query);
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    return subscribe({ ...this.#common(request), document });
  }

  #common({ variables, operationName }: MockRequest) {
    return {
      schema: this.schema,
      rootValue: this.#root(),
      variableValues: variables ?? {},
      operationName: operationName ?? undefined,
      fieldResolver: plainField,
    };
  }

  #root() {
    const { world, simulation } = this;
    const job = (id: string) => world.jobs.find((each) => each.id === id);
    const view = (id: string) => {
      const found = job(id);
      return found ? viewJob(world, found) : null;
    };
    return {
      job: ({ id }: { id: string }) => view(id),
      jobs: (args: PageArgs & { filter?: JobFilterArgs | null }) => {
        const { edges, ...rest } = pageOf(
          world.jobs.filter((each) => matches(each, args.filter)),
          args,
        );
        return { ...rest, edges: edges.map(({ cursor, node }) => ({ cursor, node: viewJob(world, node) })) };
      },
      jobCounts: (args: { filter?: JobFilterArgs | null }) =>
        countsOf(world.jobs.filter((each) => matches(each, args.filter))),
      workflow: ({ slug }: { slug: string }) =>
        viewWorkflow(
          world,
          world.workflows.find((each) => each.slug === slug),
        ),
      workflows: (args: PageArgs & { search?: string | null }) => {
        const words = args.search?.toLowerCase() ?? '';
        const found = world.workflows.filter(({ slug, name }) => `${slug} ${name}`.toLowerCase().includes(words));
        return pageOf(
          found.map((each) => viewWorkflow(world, each)),
          args,
        );
      },
      stepTypes: STEP_TYPES,
      validateWorkflow: ({ source }: { source: string }) => {
        const issues = /^slug:/m.test(source)
          ? []
          : [{ path: '/slug', message: 'A workflow has a "slug", such as nightly-report.', line: 1, column: 1 }];
        return { valid: issues.length === 0, issues };
      },
      inputTemplates: ({ workflow }: { workflow: string }) =>
        world.templates.filter(({ slug }) => slug === workflow).map((each) => ({ ...each, labels: [] })),
      viewer: {
        name: 'Ada Lovelace',
        scopes: this.options.scopes,
        signedInBy: 'SESSION',
        expiresAt: null,
        tenant: { slug: 'acme', name: 'Acme' },
      },
      ...settingsFields(this.settings),
      ...mutations(simulation),
      jobUpdated: ({
        id,
        filter,
        after,
      }: {
        id?: string | null;
        filter?: JobFilterArgs | null;
        after?: string | null;
      }) =>
        feed(
          simulation,
          (changed) => {
            if (id ? changed.id !== id : !matches(changed, filter)) return undefined;
            return { jobUpdated: { cursor: String(Date.now()), job: viewJob(world, changed), deletedId: null } };
          },
          id && !after ? job(id) : undefined,
        ),
      stepLogged: ({ jobId, stepKey, after }: { jobId: string; stepKey?: string | null; after?: string | null }) => {
        let seen = Number(after ?? 0);
        return feed(
          simulation,
          (changed) => {
            if (changed.id !== jobId) return undefined;
            const lines = changed.lines.filter((line) => line.seq > seen && (!stepKey || line.stepKey === stepKey));
            seen = changed.lines.at(-1)?.seq ?? seen;
            return lines.length > 0 ? { stepLogged: { cursor: String(seen), lines: lines.map(viewLine) } } : undefined;
          },
          job(jobId),
        );
      },
      jobCountsUpdated: ({ filter }: { filter?: JobFilterArgs | null }) =>
        feed(
          simulation,
          () => ({
            jobCountsUpdated: {
              cursor: String(Date.now()),
              counts: countsOf(world.jobs.filter((each) => matches(each, filter))),
            },
          }),
          world.jobs[0],
        ),
    };
  }
}

function refusal(): ExecutionResult {
  const message = 'Your account may not see this. Ask somebody with the right to administer.';
  const errors = [{ message, extensions: { code: 'FORBIDDEN' } }];
  return JSON.parse(JSON.stringify({ data: null, errors }));
}

function unknownHash(): ExecutionResult {
  return JSON.parse(JSON.stringify({ errors: [{ message: 'PersistedQueryNotFound' }] }));
}
