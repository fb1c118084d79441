import { describe, expect, test } from 'vitest';
import { conformance } from '../src/conformance.ts';
import { definePlugin, defineStepType } from '../src/index.ts';

type ShoutConfig = { text: string; times?: number };

const shout = defineStepType<ShoutConfig, { text: string }>({
  type: 'acme.shout',
  title: 'Shout',
  description: 'Turns a text into capitals.',
  icon: 'speaker',
  config: { type: 'object', required: ['text'], properties: { text: { type: 'string' }, times: { type: 'integer' } } },
  output: { type: 'object', properties: { text: { type: 'string' } } },
  repeatable: true,
  uses: ({ text }) => text,
  run: async (ctx) => ({ text: ctx.config.text.toUpperCase() }),
});
const plugin = definePlugin({ name: 'signalbox-plugin-acme', version: '1.0.0', contract: 1, stepTypes: [shout] });

function broken(value: unknown): string[] {
  return conformance(value)
    .filter((check) => !check.passed)
    .map((check) => check.name);
}

describe('a plugin of third parties', () => {
  test('one that keeps the contract passes every check', () => {
    const checks = conformance(plugin);
    expect(checks.length).toBeGreaterThan(10);
    expect(checks.filter((check) => !check.passed)).toEqual([]);
    expect(new Set(checks.map((check) => check.name)).size).toBe(checks.length);
  });

  test.each([
    ['no object', undefined, 'the plugin is an object'],
    ['another contract', { ...plugin, contract: 2 }, 'the contract version is 1'],
    ['a name that no package has', { ...plugin, name: 'My Plugin' }, 'the name is a package name'],
    ['a version that is no text', { ...plugin, version: 1 }, 'the version is a text or absent'],
    ['a misspelt field', { ...plugin, step_types: [] }, 'the plugin has no unknown fields'],
    ['no step types', { ...plugin, stepTypes: [] }, 'there is a step type'],
    ['a repeated type', { ...plugin, stepTypes: [shout, shout] }, 'no two step types have the same type'],
    ['a step type that is none', { ...plugin, stepTypes: [null, shout] }, 'stepTypes[0] is an object'],
  ])('%s is found', (_what, value, name) => {
    expect(broken(value)).toContain(name);
  });

  const cyclic: Record<string, unknown> = { type: 'object' };
  cyclic.self = cyclic;

  test.each([
    ['a bare word', { type: 'shout' }, 'shout: the type is named vendor.name'],
    ['a type that is no text', { type: 7 }, 'stepTypes[0]: the type is named vendor.name'],
    ['an empty title', { title: ' ' }, 'acme.shout: the title says what it is'],
    ['no description', { description: undefined }, 'acme.shout: the description says what it does'],
    ['an icon that is no name', { icon: {} }, 'acme.shout: the icon is a name or absent'],
    ['a schema of a list', { config: { type: 'array' } }, 'acme.shout: the config schema describes an object'],
    ['no schema', { config: undefined }, 'acme.shout: the config schema describes an object'],
    [
      'a schema with a function',
      { config: { type: 'object', a: () => 1 } },
      'acme.shout: the config schema describes an object',
    ],
    ['a schema that holds itself', { config: cyclic }, 'acme.shout: the config schema describes an object'],
    [
      'another dialect',
      { config: { type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' } },
      'acme.shout: the config schema describes an object',
    ],
    [
      'a required field that is not described',
      { config: { type: 'object', required: ['txet'], properties: { text: {} } } },
      'acme.shout: the config schema describes an object',
    ],
    [
      'an output schema of a text',
      { output: { type: 'string' } },
      'acme.shout: the output schema describes an object or is absent',
    ],
    ['a repeatable that is a word', { repeatable: 'yes' }, 'acme.shout: repeatable is true, false or absent'],
    ['a uses that is a text', { uses: 'git' }, 'acme.shout: uses is a function or absent'],
    ['no run', { run: undefined }, 'acme.shout: run is a function'],
    ['a field that does not exist', { ouput: {} }, 'acme.shout: it has no unknown fields'],
  ])('%s in a step type is found', (_what, change, name) => {
    expect(broken({ ...plugin, stepTypes: [{ ...shout, ...change }] })).toContain(name);
  });

  test('a check that has not passed says what is wrong and what to do', () => {
    const [check] = conformance({ ...plugin, contract: 2 }).filter(({ passed }) => !passed);
    expect(check).toEqual({
      name: 'the contract version is 1',
      passed: false,
      reason: 'contract is 2; this host knows 1.',
    });
  });

  test('bare words are left to the built-in package', () => {
    const builtIn = { ...plugin, name: '@signalbox/plugins', stepTypes: [{ ...shout, type: 'shout' }] };
    expect(broken(builtIn)).toEqual([]);
  });
});
