import { conformance } from '@signalbox/plugin-sdk/conformance';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import agentPlugin, { agent } from '../src/agent.ts';
import approvalPlugin, { approval } from '../src/approval.ts';
import commandPlugin, { command } from '../src/command.ts';
import promptPlugin, { prompt } from '../src/prompt.ts';
import simulatedPlugin, { simulated } from '../src/simulated.ts';
import toolPlugin, { tool } from '../src/tool.ts';
import { BUILT_IN_TOOLS } from '../src/tools.ts';
import waitPlugin, { wait } from '../src/wait.ts';
import { sendJson, serve } from './loopback-server.ts';

const plugins = {
  approval: approvalPlugin,
  agent: agentPlugin,
  command: commandPlugin,
  prompt: promptPlugin,
  simulated: simulatedPlugin,
  tool: toolPlugin,
  wait: waitPlugin,
};
const stepTypes = Object.values(plugins).flatMap((plugin) => plugin.stepTypes);

/** As strict as it goes: an unknown keyword, a default without effect or a wrong type throws. */
function validator(schema: object) {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
  formats.default(ajv);
  return ajv.addVocabulary(['x-default-from']).compile(schema);
}

/** Every schema below this one that describes a named property. */
function describedProperties(schema: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, part]): [string, Record<string, unknown>][] => {
    if (keyword !== 'properties') return describedProperties(part, `${path}/${keyword}`);
    return Object.entries<Record<string, unknown>>(part).flatMap(
      ([name, property]): [string, Record<string, unknown>][] => [
        [`${path}/${name}`, property],
        ...describedProperties(property, `${path}/${name}`),
      ],
    );
  });
}

describe.each(Object.entries(plugins))('the built-in plugin %s', (_name, plugin) => {
  test.each(conformance(plugin).map((check) => [check.name, check] as const))('%s', (_check, { passed, reason }) => {
    expect(reason).toBeUndefined();
    expect(passed).toBe(true);
  });
});

describe.each(stepTypes.map((stepType) => [stepType.type, stepType] as const))(
  'the schemas of %s',
  (_type, stepType) => {
    test('are sound', () => {
      expect(validator(stepType.config)).toBeTypeOf('function');
      expect(validator(stepType.output ?? {})).toBeTypeOf('function');
    });

    test('give every property a title and a description, for the form', () => {
      const properties = [...describedProperties(stepType.config), ...describedProperties(stepType.output)];
      const bare = properties.filter(
        ([, property]) => !('const' in property) && !(property.title && property.description),
      );
      expect(bare.map(([path]) => path).filter((path) => !path.endsWith('/then/input'))).toEqual([]);
    });
  },
);

describe.each([...BUILT_IN_TOOLS.values()].map((each) => [each.name, each] as const))('the tool %s', (_name, each) => {
  test('says what it is, what it takes and what it gives', () => {
    expect(validator(each.input)).toBeTypeOf('function');
    expect(validator(each.output ?? {})).toBeTypeOf('function');
    const properties = [...describedProperties(each.input), ...describedProperties(each.output)];
    expect(
      properties.filter(([, property]) => !(property.title && property.description)).map(([path]) => path),
    ).toEqual([]);
    expect(each.title && each.description && each.output).toBeTruthy();
  });
});

describe('what a config may be', () => {
  test.each([
    [command, { run: 'git log', env: { REPO: '.', COUNT: 3 } }],
    [command, { program: 'git', args: ['log', '-n', 5], cwd: 'checkout' }],
    [simulated, {}],
    [simulated, { duration: '8s', ticks: 20, failureRate: 0, seed: 42, failWith: 'PROCESS', output: [1] }],
    [
      tool,
      { tool: 'http.request', input: { url: 'http://127.0.0.1/', timeout: 5, expectStatus: [200, 404], body: null } },
    ],
    [tool, { tool: 'http.request', input: { url: 'http://127.0.0.1/', timeout: '5s', expectStatus: 201 } }],
    [tool, { tool: 'mcp:files/read', input: { anything: true } }],
    [prompt, { prompt: 'x' }],
    [wait, { for: '1.5h' }],
    [approval, { message: 'x', form: { type: 'object', properties: { a: { type: 'string' } } } }],
    [
      agent,
      { prompt: 'x', tools: ['http.request', 'mcp:files'], maxTurns: 3, budget: { usd: '0.50', action: 'pause' } },
    ],
    [prompt, { model: 'openai/gpt-5', prompt: 'x', system: 'y', output: {}, temperature: 0, maxOutputTokens: 1 }],
  ])('$0.type with $1 is accepted', (stepType, config) => {
    const validate = validator(stepType.config);
    validate(config);
    expect(validate.errors).toBeNull();
  });

  test.each([
    [command, {}, "must have required property 'run'"],
    [command, { run: 'a', program: 'b' }, 'must match exactly one schema in oneOf'],
    [command, { run: 'a', args: ['b'] }, 'must have property program when property args is present'],
    [command, { run: 'a', shel: true }, 'must NOT have additional properties'],
    [simulated, { duration: '8 s' }, 'must match pattern'],
    [simulated, { failureRate: 2 }, 'must be <= 1'],
    [tool, { tool: 'http.request', input: { method: 'GET' } }, "must have required property 'url'"],
    [tool, { tool: 'http.request', input: { url: 'x', method: 'BREW' } }, 'must be equal to one of the allowed values'],
    [agent, { prompt: 'x', maxTurns: 0 }, 'must be >= 1'],
    [agent, { prompt: 'x', budget: {} }, 'must NOT have fewer than 1 properties'],
    [prompt, {}, "must have required property 'prompt'"],
    [wait, { for: '1h', until: '2026-01-01T00:00:00Z' }, 'must match exactly one schema in oneOf'],
    [wait, { for: 'soon' }, 'must match pattern'],
    [approval, { form: {} }, "must have required property 'message'"],
    [prompt, { prompt: 'x', temperature: 3 }, 'must be <= 2'],
  ])('$0.type with $1 is refused: $2', (stepType, config, message) => {
    const validate = validator(stepType.config);
    expect(validate(config)).toBe(false);
    expect(validate.errors?.map((error) => error.message)).toContainEqual(expect.stringContaining(message));
  });
});

describe('what a step returns fits its output schema', () => {
  test('command', async () => {
    const { output } = await runStep(command, {
      config: { run: 'echo x; echo \'{"n":1}\' > "$SIGNALBOX_OUTPUT"' },
    });
    expect(problems(command.output, output)).toEqual([]);
  });

  test('simulated', async () => {
    const { output } = await runStep(simulated, { config: { durationMs: 1, failureRate: 0, output: 'x' } });
    expect(problems(simulated.output, output)).toEqual([]);
  });

  test('tool', async () => {
    const url = await serve((_request, response) => sendJson(response, [1]));
    const { output } = await runStep(tool, {
      config: { tool: 'http.request', input: { url } },
      secrets: { SIGNALBOX_HTTP_ALLOW: '127.0.0.1' },
    });
    expect(problems(tool.output, output)).toEqual([]);
    expect(problems(BUILT_IN_TOOLS.get('http.request')?.output, output)).toEqual([]);
  });

  test('prompt', async () => {
    const { output } = await runStep(prompt, { config: { prompt: 'x', output: { type: 'string' } } });
    expect(problems(prompt.output, output)).toEqual([]);
  });
});

function problems(schema: object | undefined, output: unknown): unknown[] {
  if (output === undefined) return ['there is no output'];
  const validate = validator(schema ?? {});
  return validate(output) ? [] : (validate.errors ?? []);
}
