import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorkflowDefinition } from '../src/definition.ts';
import { durationText, parseDuration } from '../src/duration.ts';
import type { JsonObject } from '../src/json.ts';
import { parseWorkflow } from '../src/workflow.ts';
import { drawWorkflow } from '../src/workflow-graph.ts';
import { marked, positionsOf } from './marked-source.ts';

function parsed(workflow: object): WorkflowDefinition {
  const { definition, issues } = parseWorkflow(JSON.stringify(workflow));
  if (!definition) throw new Error(JSON.stringify(issues));
  return definition;
}

const node = (id: string, more: object = {}) => ({ id, type: 'command', ...more });

describe('a drawing', () => {
  test('is turned into steps: nodes with their fields, edges as needs', () => {
    const { steps } = parsed({
      slug: 'drawn',
      nodes: [
        node('build', {
          position: { x: 10, y: -20.5 },
          data: { label: 'Build it', with: { run: 'make' }, timeout: '2m' },
        }),
        node('test', { type: 'acme.check', data: { if: '${{ steps.build.output.exitCode == 0 }}' }, selected: true }),
        node('ship', { data: { name: 'Ship', retry: { attempts: 2 } } }),
      ],
      edges: [
        { source: 'build', target: 'test', id: 'e1', animated: true },
        { source: 'build', target: 'ship' },
        { source: 'test', target: 'ship' },
      ],
    });
    expect(steps).toMatchObject([
      { key: 'build', name: 'Build it', type: 'command', needs: [], timeoutMs: 120_000, position: { x: 10, y: -20.5 } },
      { key: 'test', name: 'test', type: 'acme.check', needs: ['build'], if: 'steps.build.output.exitCode == 0' },
      { key: 'ship', name: 'Ship', needs: ['build', 'test'], retry: { attempts: 2 } },
    ]);
  });

  test('may be written in YAML, and a node without edges starts at once', () => {
    const { definition } = parseWorkflow('slug: y\nnodes:\n  - { id: a, type: t }\n  - { id: b, type: t }\n');
    expect(definition?.steps.map(({ needs }) => needs)).toEqual([[], []]);
  });

  test('gives steps in an order in which each stands behind what it needs, whatever order it was drawn in', () => {
    const { steps } = parsed({
      slug: 'turned',
      nodes: [node('last'), node('first'), node('middle')],
      edges: [
        { source: 'first', target: 'middle' },
        { source: 'middle', target: 'last' },
      ],
    });
    expect(steps.map(({ key }) => key)).toEqual(['first', 'middle', 'last']);
  });

  const refusals: [what: string, text: string, path: string, message: RegExp][] = [
    ['steps as well', 'slug: a\n▶nodes: [{ id: a, type: t }]\nsteps: []', '/nodes', /either "steps" or "nodes"/],
    ['edges alone', 'slug: a\nedges: []', '/nodes', /"nodes" must be a list/],
    ['nodes that are no list', 'slug: a\nnodes: ▶{}', '/nodes', /must be a list/],
    ['a node that is none', 'slug: a\nnodes: [▶7, { id: a, type: t }]', '/nodes/0', /object with id, type and data/],
    ['a node without id', 'slug: a\nnodes: [▶{ type: t }]', '/nodes/0/id', /"id" is required/],
    ['a node without type', 'slug: a\nnodes: [▶{ id: a }]', '/nodes/0/type', /"type" is required/],
    ['an id that is no key', 'slug: a\nnodes: [{ id: ▶a b, type: t }]', '/nodes/0/id', /must begin with a letter/],
    [
      'an id that is taken',
      'slug: a\nnodes: [{ id: a, type: t }, { id: ▶a, type: t }]',
      '/nodes/1/id',
      /taken by step 1/,
    ],
    [
      'a field of the step beside data',
      'slug: a\nnodes: [{ id: a, type: t, ▶with: {} }]',
      '/nodes/0/with',
      /stand under "data"/,
    ],
    ['data that is none', 'slug: a\nnodes: [{ id: a, type: t, data: ▶[] }]', '/nodes/0/data', /must be an object/],
    [
      'needs in data',
      'slug: a\nnodes: [{ id: a, type: t, data: { ▶needs: [] } }]',
      '/nodes/0/data/needs',
      /drawn as "edges"/,
    ],
    [
      'a misspelt field in data',
      'slug: a\nnodes: [{ id: a, type: t, data: { ▶tiemout: 1s } }]',
      '/nodes/0/data/tiemout',
      /Did you mean.*timeout/,
    ],
    [
      'a wrong value in data',
      'slug: a\nnodes: [{ id: a, type: t, data: { retry: { attempts: ▶0 } } }]',
      '/nodes/0/data/retry/attempts',
      /whole number/,
    ],
    [
      'an expression that cannot be read',
      'slug: a\nnodes: [{ id: a, type: t, data: { with: { x: "${{ ▶inptu.x }}" } } }]',
      '/nodes/0/data/with/x',
      /inptu/,
    ],
    [
      'a position that is none',
      'slug: a\nnodes: [{ id: a, type: t, position: ▶{ x: left, y: 1 } }]',
      '/nodes/0/position',
      /two numbers/,
    ],
    ['an edge that is none', 'slug: a\nnodes: [{ id: a, type: t }]\nedges: [▶a]', '/edges/0', /source and target/],
    [
      'an edge from nowhere',
      'slug: a\nnodes: [{ id: build, type: t }]\nedges: [{ source: ▶biuld, target: build }]',
      '/edges/0/source',
      /no node "biuld".*build/,
    ],
    [
      'an edge without target',
      'slug: a\nnodes: [{ id: a, type: t }]\nedges: [▶{ source: a }]',
      '/edges/0/target',
      /"target" is required/,
    ],
    [
      'an edge to itself',
      'slug: a\nnodes: [{ id: a, type: t }]\nedges: [{ source: ▶a, target: a }]',
      '/edges/0/source',
      /needs itself/,
    ],
    [
      'the same edge twice',
      'slug: a\nnodes: [{ id: a, type: t }, { id: b, type: t }]\nedges: [{ source: a, target: b }, { source: ▶a, target: b }]',
      '/edges/1/source',
      /twice/,
    ],
    [
      'a circle',
      'slug: a\nnodes: [{ id: a, type: t }, { id: b, type: t }]\nedges: [{ source: a, target: b }, { source: ▶b, target: a }]',
      '/edges/1/source',
      /in a circle/,
    ],
  ];

  test.each(refusals)('with %s is refused, with the place', (_what, text, path, message) => {
    const { positions, source } = marked(text);
    const { definition, issues } = parseWorkflow(source);
    expect(definition).toBeUndefined();
    const found = issues.find((issue) => issue.path === path && message.test(issue.message));
    expect(found, JSON.stringify(issues)).toBeDefined();
    const places = positionsOf(found ? [found] : []);
    expect(positions.length > 0 ? positions : places).toEqual(places);
  });

  test('of an unknown step type, or with a wrong config, is refused at the node', () => {
    const types = new Map([
      ['acme.say', { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } as const],
    ]);
    const text = JSON.stringify({
      slug: 'a',
      nodes: [
        { id: 'a', type: 'acme.sya' },
        { id: 'b', type: 'acme.say', data: { with: { text: 7 } } },
      ],
    });
    expect(parseWorkflow(text, types).issues.map(({ path }) => path)).toEqual([
      '/nodes/0/type',
      '/nodes/1/data/with/text',
    ]);
  });
});

describe('steps', () => {
  const anyStep = fc.record(
    {
      name: fc.constantFrom('A name', 'Another'),
      type: fc.constantFrom('command', 'tool', 'prompt', 'agent', 'approval', 'wait', 'acme.shout'),
      with: fc.dictionary(
        fc.constantFrom('run', 'tool', 'prompt', 'text'),
        fc.constantFrom('x', 7, true, ['${{ input.x }}']),
      ),
      if: fc.constantFrom('${{ input.x == 1 }}', 'always()', false),
      timeout: fc.constantFrom('500ms', '90s', '2h'),
      budget: fc.constantFrom(
        { usd: '0.50' },
        { usd: 12, tokens: 10, action: 'warn' },
        { tokens: 5 },
        { usd: '0.000001' },
      ),
      retry: fc.record({
        attempts: fc.integer({ min: 1, max: 9 }),
        delay: fc.constantFrom('1s', '1500ms'),
        on: fc.constant(['NETWORK']),
      }),
      budget: fc.constantFrom({ usd: '0.5', tokens: 900 }, { usd: '123456789.000001', action: 'pause' }),
      continueOnError: fc.boolean(),
      forEach: fc.constantFrom('${{ input.list }}', [1, 2]),
      position: fc.record({ x: fc.integer(), y: fc.integer() }),
    },
    { requiredKeys: ['type'] },
  );
  /** Each needs some of those above it. */
  const anySteps = fc
    .array(fc.tuple(anyStep, fc.array(fc.nat(20), { maxLength: 3 })), { minLength: 1, maxLength: 12 })
    .map((drawn) =>
      drawn.map(([step, needs], index) => ({
        ...step,
        key: `step-${index}`,
        needs: [...new Set(index === 0 ? [] : needs.map((need) => `step-${need % index}`))],
      })),
    );

  test('come back from their drawing as they were, whatever stands in them', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const head = { slug: 'there-and-back', input: { type: 'object' } };
        const before = parsed({ ...head, steps });
        const after = parsed({ ...head, ...drawWorkflow(before.steps) });
        const withoutPlaces = (definition: WorkflowDefinition) =>
          definition.steps.map(({ position: _position, ...step }) => step);
        expect(withoutPlaces(after)).toEqual(withoutPlaces(before));
        const places = (definition: WorkflowDefinition) =>
          definition.steps.flatMap(({ key, position }) => (position ? [[key, position]] : []));
        expect(places(after)).toEqual(expect.arrayContaining(places(before)));
        expect(drawWorkflow(after.steps)).toEqual(drawWorkflow(before.steps));
      }),
      { numRuns: 200 },
    );
  });

  test('are drawn to the right of what they need, no two in the same place', () => {
    const { steps } = parsed({
      slug: 'laid-out',
      steps: [
        { key: 'a', type: 't', needs: [] },
        { key: 'b', type: 't', needs: [] },
        { key: 'c', type: 't', needs: ['a', 'b'] },
      ],
    });
    const { edges, nodes } = drawWorkflow(steps);
    expect(nodes.map(({ position }) => position)).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 120 },
      { x: 260, y: 0 },
    ]);
    expect(edges).toEqual([
      { id: 'a->c', source: 'a', target: 'c' },
      { id: 'b->c', source: 'b', target: 'c' },
    ]);
    expect(nodes[0]?.data satisfies JsonObject | undefined).toEqual({});
  });

  test('keep their durations in text', () => {
    for (const ms of [1, 500, 1_500, 60_000, 90_000, 3_600_000]) expect(parseDuration(durationText(ms))).toBe(ms);
    expect(durationText(90_000)).toBe('90s');
    expect(durationText(120_000)).toBe('2m');
  });
});
