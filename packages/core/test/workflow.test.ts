import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../src/workflow.ts';

const COMPLETE = `
slug: release-notes
name: Release notes
timeout: 1h
priority: HIGH
queue: docs
concurrency: { key: "notes of \${{ input.repository }}", onConflict: refuse }
description: What changed, in words
input:
  type: object
  required: [repository]
  properties: { repository: { type: string }, model: { type: string, default: offline/echo } }
steps:
  - key: history
    name: Read the history
    type: command
    with:
      run: git -C "$REPO" log --oneline -n 50
      env: { REPO: "\${{ input.repository }}" }
  - key: notes
    type: prompt
    if: \${{ size(steps.history.output.stdout) > 0 }}
    with: { model: "\${{ input.model }}", prompt: "Write release notes for:\\n\${{ steps.history.output.stdout }}" }
    timeout: 2m
    retry: { attempts: 3, delay: 1s, factor: 2, maxDelay: 30s, jitter: 0.2, on: [RATE_LIMIT, NETWORK] }
    continueOnError: true
output: { notes: "\${{ steps.notes.output.text }}" }
`;

/** A workflow with one step that has the given lines. */
const withStep = (lines: string): string => `slug: a\nsteps:\n  - key: one\n    type: t\n${lines}`;

describe('parseWorkflow', () => {
  it('reads a complete workflow', () => {
    expect(parseWorkflow(COMPLETE)).toEqual({
      issues: [],
      definition: {
        slug: 'release-notes',
        name: 'Release notes',
        description: 'What changed, in words',
        input: {
          type: 'object',
          required: ['repository'],
          properties: { repository: { type: 'string' }, model: { type: 'string', default: 'offline/echo' } },
        },
        steps: [
          {
            key: 'history',
            name: 'Read the history',
            type: 'command',
            needs: [],
            with: { run: 'git -C "$REPO" log --oneline -n 50', env: { REPO: '${{ input.repository }}' } },
          },
          {
            key: 'notes',
            name: 'notes',
            type: 'prompt',
            needs: ['history'],
            if: 'size(steps.history.output.stdout) > 0',
            with: {
              model: '${{ input.model }}',
              prompt: 'Write release notes for:\n${{ steps.history.output.stdout }}',
            },
            timeoutMs: 120_000,
            retry: {
              attempts: 3,
              delayMs: 1_000,
              factor: 2,
              maxDelayMs: 30_000,
              jitter: 0.2,
              on: ['RATE_LIMIT', 'NETWORK'],
            },
            continueOnError: true,
          },
        ],
        output: { notes: '${{ steps.notes.output.text }}' },
        timeoutMs: 3_600_000,
        priority: 'HIGH',
        queue: 'docs',
        concurrency: { key: 'notes of ${{ input.repository }}', limit: 1, onConflict: 'refuse' },
      },
    });
  });

  it('fills in what a short workflow leaves out', () => {
    expect(
      parseWorkflow('slug: short\nsteps: [{ key: a, type: t, retry: {} }, { key: b, type: t }]').definition,
    ).toEqual({
      slug: 'short',
      name: 'short',
      input: { type: 'object' },
      steps: [
        {
          key: 'a',
          name: 'a',
          type: 't',
          needs: [],
          with: {},
          retry: { attempts: 3, delayMs: 1_000, factor: 2, maxDelayMs: 60_000 },
        },
        { key: 'b', name: 'b', type: 't', needs: ['a'], with: {} },
      ],
    });
  });

  it('lets a step wait for those it needs, for the one above, or for nothing', () => {
    const { definition } = parseWorkflow(
      'slug: a\nsteps: [{ key: a, type: t }, { key: b, type: t, needs: [] }, { key: c, type: t, needs: [a, b] }, { key: d, type: t }]',
    );
    expect(definition?.steps.map(({ needs }) => needs)).toEqual([[], [], ['a', 'b'], ['c']]);
  });

  it('lets a step need one that stands below it', () => {
    const { definition } = parseWorkflow(
      'slug: a\nsteps: [{ key: a, type: t, needs: [b] }, { key: b, type: t, needs: [] }]',
    );
    expect(definition?.steps[0]?.needs).toEqual(['b']);
  });

  it.each([
    ['true', 'true'],
    ['input.go', 'input.go'],
    ['${{ input.go }}', 'input.go'],
    ['"  ${{ input.go }} "', 'input.go'],
    ['|\n      ${{\n        input.go\n      }}', 'input.go'],
  ])('reads the condition %s', (written, condition) => {
    expect(parseWorkflow(withStep(`    if: ${written}\n`)).definition?.steps[0]?.if).toBe(condition);
  });

  it('takes a field that was left empty for absent', () => {
    expect(parseWorkflow('slug: a\nname:\noutput:\nsteps: [{ key: a, type: t, with: , if: }]').issues).toEqual([]);
  });

  it('may have 10,000 steps and not more', () => {
    const withSteps = (count: number): string => {
      const steps = Array.from({ length: count }, (_, index) => `- {key: k${index}, type: t}`);
      return `slug: a\nsteps:\n${steps.join('\n')}`;
    };
    expect(parseWorkflow(withSteps(10_000)).definition?.steps).toHaveLength(10_000);
    expect(parseWorkflow(withSteps(10_001)).issues.map(({ message }) => message)).toEqual([
      'A workflow may have 10000 steps, and this one has 10001.',
    ]);
  });
});
