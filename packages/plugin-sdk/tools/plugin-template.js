/**
 * @typedef {object} PluginPlan
 * @property {string} name of the package
 * @property {string} sdkVersion
 * @property {string} sdk where the SDK is installed from
 * @property {string} typescript its version
 * @property {string} nodeTypes their version
 */

/**
 * The files of a new plugin, by their paths.
 * @param {PluginPlan} plan
 * @returns {Record<string, string>}
 */
export function pluginFiles(plan) {
  const type = `${vendorOf(plan.name)}.shout`;
  return {
    'package.json': `${JSON.stringify(manifest(plan), undefined, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(COMPILER, undefined, 2)}\n`,
    'src/index.ts': source(plan.name, type),
    'test/index.test.ts': tests(),
    'README.md': readme(plan.name, type),
    '.gitignore': 'node_modules/\ndist/\n',
  };
}

/** @param {PluginPlan} plan */
function manifest({ name, nodeTypes, sdk, sdkVersion, typescript }) {
  return {
    name,
    version: '0.1.0',
    description: 'Step types for Signalbox',
    keywords: ['signalbox-plugin'],
    license: 'MIT',
    type: 'module',
    engines: { node: '>=22.18' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    scripts: {
      test: 'node --test "test/**/*.test.ts"',
      conformance: 'signalbox-conformance src/index.ts',
      check: 'tsc --noEmit',
      build: 'tsc --project tsconfig.json',
      prepack: 'npm test && npm run build',
    },
    peerDependencies: { '@signalbox/plugin-sdk': `^${sdkVersion}` },
    devDependencies: { '@signalbox/plugin-sdk': sdk, '@types/node': nodeTypes, typescript },
  };
}

const COMPILER = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    declaration: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

/** @param {string} name */
function vendorOf(name) {
  const bare = name.replace(/^@([^/]+)\/.*$/, '$1').replace(/^signalbox-(plugin-)?/, '');
  return bare.replace(/[^a-z0-9_-]+/g, '-').replace(/^[^a-z]+/, '') || 'acme';
}

/**
 * @param {string} name
 * @param {string} type
 */
function source(name, type) {
  return `import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';

type ShoutConfig = { text: string; times: number };
type ShoutOutput = { text: string };

export const shout = defineStepType<ShoutConfig, ShoutOutput>({
  type: '${type}',
  title: 'Shout',
  description: 'Turns a text into capitals, as often as it is told to.',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: {
      text: { type: 'string', title: 'Text', description: 'What is shouted.' },
      times: { type: 'integer', title: 'Times', minimum: 1, maximum: 10, default: 1 },
    },
  },
  output: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
  repeatable: true,
  uses: ({ times }) => \`a voice, \${times} times\`,
  async run(ctx) {
    const { text, times } = ctx.config;
    if (text.trim() === '') throw new StepFailure('There is nothing to shout.', { category: 'USER_INPUT' });
    for (let time = 1; time <= times; time += 1) {
      await ctx.checkpoint();
      ctx.log('INFO', text.toUpperCase());
      ctx.progress((time / times) * 100);
    }
    return { text: Array.from({ length: times }, () => text.toUpperCase()).join(' ') };
  },
});

export default definePlugin({ name: '${name}', contract: 1, stepTypes: [shout] });
`;
}

function tests() {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import { runStep } from '@signalbox/plugin-sdk/testing';
import plugin, { shout } from '../src/index.ts';

for (const { name, passed, reason } of conformance(plugin)) test(name, () => assert.ok(passed, reason));

test('shouts as often as it is told to, and says so in its log', async () => {
  const { lines, output, progress } = await runStep(shout, { config: { text: 'hello', times: 2 } });
  assert.deepEqual(output, { text: 'HELLO HELLO' });
  assert.deepEqual(lines.map(({ message }) => message), ['HELLO', 'HELLO']);
  assert.equal(progress.at(-1)?.percent, 100);
});

test('fails in words that help when there is nothing to shout', async () => {
  const { failure } = await runStep(shout, { config: { text: ' ' } });
  assert.deepEqual([failure?.category, failure?.message], ['USER_INPUT', 'There is nothing to shout.']);
});

test('stops where it is asked to', async () => {
  const { failure } = await runStep(shout, { config: { text: 'hello' }, signal: AbortSignal.abort('cancelled') });
  assert.equal(failure?.category, 'CANCELLED');
});
`;
}

/**
 * @param {string} name
 * @param {string} type
 */
function readme(name, type) {
  return `# ${name}

Step types for Signalbox.

\`\`\`yaml
steps:
  - key: shout
    type: ${type}
    with: { text: "\${{ input.text }}", times: 2 }
\`\`\`

| command | what it does |
|---|---|
| \`npm test\` | the tests, and what every plugin must be |
| \`npm run conformance\` | only the latter, one line a check |
| \`npm run check\` | types |
| \`npm run build\` | JavaScript and type declarations in \`dist/\`: what is published |

To try it, start Signalbox with \`SIGNALBOX_PLUGINS=/path/to/this/folder/src/index.ts\`. A change of the sources counts within two
seconds, without a restart. Installed as a package it is \`SIGNALBOX_PLUGINS=${name}\`.

The SDK in \`vendor/\` came with the Signalbox that made this package; once it is installed from a registry, replace the
\`file:\` entry of \`devDependencies\` by its version.
`;
}
