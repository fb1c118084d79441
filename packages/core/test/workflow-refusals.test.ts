import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../src/workflow.ts';
import { marked, positionsOf } from './marked-source.ts';

/** A workflow with one step that has the given lines. */
const withStep = (lines: string): string => `slug: a\nsteps:\n  - key: one\n    type: t\n${lines}`;

describe('parseWorkflow, given something wrong', () => {
  const refused: { what: string; text: string; path: string; message: string }[] = [
    {
      what: 'an unknown field',
      text: 'slug: a\n▶nmae: b\nsteps: [{ key: a, type: t }]',
      path: '/nmae',
      message: 'Unknown field "nmae". Did you mean "name"?',
    },
    {
      what: 'no slug',
      text: '▶name: b\nsteps: [{ key: a, type: t }]',
      path: '/slug',
      message: '"slug" is required, such as release-notes.',
    },
    {
      what: 'a slug that is no slug',
      text: 'slug: ▶Release Notes\nsteps: [{ key: a, type: t }]',
      path: '/slug',
      message:
        'The slug must be small letters, digits and single hyphens between them, such as release-notes, and have at most 64 signs.',
    },
    {
      what: 'a slug that is too long',
      text: `slug: ▶${'a'.repeat(65)}\nsteps: [{ key: a, type: t }]`,
      path: '/slug',
      message:
        'The slug must be small letters, digits and single hyphens between them, such as release-notes, and have at most 64 signs.',
    },
    {
      what: 'a name that is no text',
      text: 'slug: a\nname: ▶[b]\nsteps: [{ key: a, type: t }]',
      path: '/name',
      message: '"name" must be text.',
    },
    {
      what: 'no steps',
      text: '▶slug: a',
      path: '/steps',
      message: '"steps" is required, such as a list with one step.',
    },
    {
      what: 'an empty list of steps',
      text: 'slug: a\nsteps: ▶[]',
      path: '/steps',
      message: 'A workflow needs at least one step.',
    },
    {
      what: 'steps that are no list',
      text: 'slug: a\nsteps: ▶{ a: b }',
      path: '/steps',
      message: '"steps" must be a list of steps.',
    },
    {
      what: 'a step that is no object',
      text: 'slug: a\nsteps: [▶run]',
      path: '/steps/0',
      message: 'A step is an object with fields such as key and type.',
    },
    {
      what: 'a step without a key',
      text: 'slug: a\nsteps: [▶{ type: t }]',
      path: '/steps/0/key',
      message: '"key" is required, such as build.',
    },
    {
      what: 'a key with a blank',
      text: 'slug: a\nsteps: [{ key: ▶my step, type: t }]',
      path: '/steps/0/key',
      message:
        'The key "my step" must begin with a letter or _, go on with letters, digits, _ or -, and have at most 64 signs.',
    },
    {
      what: 'a reserved key',
      text: 'slug: a\nsteps: [{ key: ▶__proto__, type: t }]',
      path: '/steps/0/key',
      message: 'The key "__proto__" is reserved. Choose another one.',
    },
    {
      what: 'a key twice',
      text: 'slug: a\nsteps: [{ key: a, type: t }, { key: ▶a, type: t }]',
      path: '/steps/1/key',
      message: 'The key "a" is taken by step 1. Keys must differ.',
    },
    {
      what: 'a step without a type',
      text: 'slug: a\nsteps: [▶{ key: a }]',
      path: '/steps/0/type',
      message: '"type" is required, such as command.',
    },
    {
      what: 'an unknown field of a step',
      text: withStep('    ▶iff: true'),
      path: '/steps/0/iff',
      message: 'Unknown field "iff". Did you mean "if"?',
    },
    {
      what: 'forEach that is neither expression nor list',
      text: withStep('    forEach: ▶a ${{ input.list }}'),
      path: '/steps/0/forEach',
      message: '"forEach" must be one expression, such as ${{ input.files }}, or a list.',
    },
    {
      what: 'forEach with too long a list',
      text: withStep(`    forEach: ▶[${'1, '.repeat(1_001)}]`),
      path: '/steps/0/forEach',
      message: '"forEach" may have 1000 items, and this list has 1001.',
    },
    {
      what: 'a maxParallel of nothing',
      text: withStep('    forEach: [1]\n    maxParallel: ▶0'),
      path: '/steps/0/maxParallel',
      message: '"maxParallel" must be a whole number from 1 to 1000.',
    },
    {
      what: 'maxParallel without forEach',
      text: withStep('    ▶maxParallel: 3'),
      path: '/steps/0/maxParallel',
      message: '"maxParallel" is for steps with "forEach".',
    },
    {
      what: 'an unknown need',
      text: 'slug: a\nsteps: [{ key: build, type: t }, { key: b, type: t, needs: [▶biuld] }]',
      path: '/steps/1/needs/0',
      message: 'There is no step "biuld". Did you mean "build"?',
    },
    {
      what: 'a step that needs itself',
      text: withStep('    needs: [▶one]'),
      path: '/steps/0/needs/0',
      message: 'The step "one" needs itself.',
    },
    {
      what: 'a need twice',
      text: 'slug: a\nsteps: [{ key: a, type: t }, { key: b, type: t, needs: [a, ▶a] }]',
      path: '/steps/1/needs/1',
      message: '"a" stands here twice.',
    },
    {
      what: 'needs that are no list',
      text: withStep('    needs: ▶two'),
      path: '/steps/0/needs',
      message: '"needs" must be a list of step keys, such as [build].',
    },
    {
      what: 'a need that is no text',
      text: withStep('    needs: ▶[1]'),
      path: '/steps/0/needs',
      message: '"needs" must be a list of step keys, such as [build].',
    },
    {
      what: 'a bad timeout',
      text: withStep('    timeout: ▶2 minutes'),
      path: '/steps/0/timeout',
      message: '"timeout" must be a duration such as 500ms, 10s, 2m or 1h, at most 576h.',
    },
    {
      what: 'a timeout without a unit',
      text: withStep('    timeout: ▶10'),
      path: '/steps/0/timeout',
      message: '"timeout" must be a duration such as 500ms, 10s, 2m or 1h, at most 576h.',
    },
    {
      what: 'a timeout of nothing',
      text: withStep('    timeout: ▶0s'),
      path: '/steps/0/timeout',
      message: '"timeout" must be longer than 0.',
    },
    {
      what: 'continueOnError that is no flag',
      text: withStep('    continueOnError: ▶maybe'),
      path: '/steps/0/continueOnError',
      message: '"continueOnError" must be true or false.',
    },
    {
      what: 'with that is no object',
      text: withStep('    with: ▶ls'),
      path: '/steps/0/with',
      message: '"with" must be an object with named fields.',
    },
    {
      what: 'a retry that is no object',
      text: withStep('    retry: ▶3'),
      path: '/steps/0/retry',
      message: '"retry" must be an object with named fields.',
    },
    {
      what: 'an unknown field of retry',
      text: withStep('    retry: { ▶attempt: 3 }'),
      path: '/steps/0/retry/attempt',
      message: 'Unknown field "attempt". Did you mean "attempts"?',
    },
    {
      what: 'no attempts at all',
      text: withStep('    retry: { attempts: ▶0 }'),
      path: '/steps/0/retry/attempts',
      message: '"attempts" must be a whole number from 1 to 100.',
    },
    {
      what: 'a factor that shrinks',
      text: withStep('    retry: { factor: ▶0.5 }'),
      path: '/steps/0/retry/factor',
      message: '"factor" must be a number from 1 to 100.',
    },
    {
      what: 'a longest delay below the first',
      text: withStep('    retry: { delay: 3s, maxDelay: ▶1s }'),
      path: '/steps/0/retry/maxDelay',
      message: '"maxDelay" must not be shorter than "delay".',
    },
    {
      what: 'a jitter above one',
      text: withStep('    retry: { jitter: ▶1.5 }'),
      path: '/steps/0/retry/jitter',
      message: '"jitter" must be a number from 0 to 1.',
    },
    {
      what: 'an unknown priority',
      text: 'slug: a\npriority: ▶hihg\nsteps: [{ key: a, type: t }]',
      path: '/priority',
      message: '"priority" must be one of LOW, MEDIUM, HIGH, CRITICAL. Did you mean "HIGH"?',
    },
    {
      what: 'a queue that no worker can listen to',
      text: 'slug: a\nqueue: ▶a queue\nsteps: [{ key: a, type: t }]',
      path: '/queue',
      message: '"queue" must be a name of letters, digits, ., _ and -, with at most 64 signs.',
    },
    {
      what: 'a job timeout of nothing',
      text: 'slug: a\ntimeout: ▶0s\nsteps: [{ key: a, type: t }]',
      path: '/timeout',
      message: '"timeout" must be longer than 0.',
    },
    {
      what: 'concurrency without a key',
      text: 'slug: a\nconcurrency: ▶{ limit: 2 }\nsteps: [{ key: a, type: t }]',
      path: '/concurrency/key',
      message: '"key" is required, such as deploy-${{ input.target }}.',
    },
    {
      what: 'concurrency with a limit of nothing',
      text: 'slug: a\nconcurrency: { key: k, limit: ▶0 }\nsteps: [{ key: a, type: t }]',
      path: '/concurrency/limit',
      message: '"limit" must be a whole number from 1 to 1000.',
    },
    {
      what: 'an unknown choice for a conflict',
      text: 'slug: a\nconcurrency: { key: k, onConflict: ▶refuze }\nsteps: [{ key: a, type: t }]',
      path: '/concurrency/onConflict',
      message: '"onConflict" must be one of queue, cancel-oldest, refuse. Did you mean "refuse"?',
    },
    {
      what: 'a step in a concurrency key',
      text: 'slug: a\nconcurrency: { key: "${{ steps.▶a.output }}" }\nsteps: [{ key: a, type: t }]',
      path: '/concurrency/key',
      message: 'No step has run when the key of a job is made.',
    },
    {
      what: 'an unknown category',
      text: withStep('    retry: { on: [▶network, NETWORK] }'),
      path: '/steps/0/retry/on/0',
      message: '"network" is no category of failures to try again. Did you mean "NETWORK"?',
    },
    {
      what: 'retries of cancelled steps',
      text: withStep('    retry: { on: [▶CANCELLED] }'),
      path: '/steps/0/retry/on/0',
      message:
        '"CANCELLED" is no category of failures to try again. There are USER_INPUT, CONFIGURATION, TIMEOUT, RATE_LIMIT, AUTH, NETWORK, PROCESS, PLUGIN, WORKER_LOST, BUDGET, INTERNAL.',
    },
    {
      what: 'an input that is no schema',
      text: 'slug: a\ninput: { properties: { n: { ▶type: strng } } }\nsteps: [{ key: a, type: t }]',
      path: '/input/properties/n/type',
      message:
        'None of the allowed forms fits: Must be one of "array", "boolean", "integer", "null", "number", "object", "string". Did you mean "string"?; or: Must be an array, but is a string.',
    },
    {
      what: 'an input schema for a list',
      text: 'slug: a\ninput: { ▶type: array }\nsteps: [{ key: a, type: t }]',
      path: '/input/type',
      message: 'The schema must have the type "object".',
    },
    {
      what: 'a pattern that could run for ever',
      text: 'slug: a\ninput: { properties: { n: { ▶pattern: "(?=a)" } } }\nsteps: [{ key: a, type: t }]',
      path: '/input/properties/n/pattern',
      message:
        'The pattern (?=a) cannot be used: invalid or unsupported Perl syntax: `(?=`. Look-around and back references do not exist here.',
    },
  ];

  it.each(refused)('refuses $what, with its place', ({ text, path, message }) => {
    const { source, positions } = marked(text);
    const { definition, issues } = parseWorkflow(source);
    expect(definition).toBeUndefined();
    expect(issues.map((issue) => ({ path: issue.path, message: issue.message }))).toEqual([{ path, message }]);
    expect(positionsOf(issues)).toEqual(positions);
  });

  it('refuses a circle of needs with its path', () => {
    const { source, positions } = marked(`slug: a
steps:
  - { key: a, type: t, needs: ▶[c] }
  - { key: b, type: t, needs: [a] }
  - { key: c, type: t, needs: [b] }
  - { key: d, type: t, needs: [c] }
`);
    const { issues } = parseWorkflow(source);
    expect(issues.map(({ message }) => message)).toEqual([
      'These steps wait for each other in a circle: a → c → b → a.',
    ]);
    expect(positionsOf(issues)).toEqual(positions);
  });

  it('refuses each of two separate circles', () => {
    const { issues } = parseWorkflow(`slug: a
steps:
  - { key: a, type: t, needs: [b] }
  - { key: b, type: t, needs: [a] }
  - { key: c, type: t, needs: [d, a] }
  - { key: d, type: t, needs: [c] }
`);
    expect(issues.map(({ path }) => path)).toEqual(['/steps/0/needs', '/steps/2/needs']);
  });

  it('tells of several mistakes at once', () => {
    const { source, positions } = marked(`slug: ▶A
steps:
  - key: build
    ▶typ: command
    needs: [▶biuld]
    timeout: ▶soon
`);
    const { issues } = parseWorkflow(source);
    expect(positionsOf(issues.filter(({ path }) => path !== '/steps/0/type'))).toEqual(positions);
  });
});
