import { describe, expect, it } from 'vitest';
import { parseUsd } from '../src/budget.ts';
import { parseWorkflow } from '../src/workflow.ts';

const workflow = (budget: string, step = '') => `slug: spender
steps:
  - key: ask
    type: prompt
    ${step}
    with: { prompt: hello }
${budget}
`;

describe('parseUsd', () => {
  it.each([
    ['0.50', 500_000],
    ['12', 12_000_000],
    ['0.000001', 1],
    [0.1, 100_000],
    ['999999999.999999', 999_999_999_999_999],
  ])('takes %s exactly', (text, microUsd) => expect(parseUsd(text)).toBe(microUsd));

  it.each(['', '-1', '1e3', '0.1234567', '.5', '$1', '1,000', '1000000000', null, 1e-7])('refuses %s', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });
});

describe('the budget of a workflow', () => {
  it('is one for each job, one for each period, or a list of both', () => {
    expect(parseWorkflow(workflow('budget: { usd: "0.50", tokens: 1000, action: pause }')).definition?.budgets).toEqual(
      [{ microUsd: 500_000, tokens: 1_000, action: 'pause' }],
    );
    const list = parseWorkflow(workflow('budget: [{ tokens: 5 }, { usd: 20, period: day, action: warn }]'));
    expect(list.definition?.budgets).toEqual([
      { tokens: 5, action: 'fail' },
      { microUsd: 20_000_000, action: 'warn', period: 'day' },
    ]);
  });

  it('may stand at a step too', () => {
    const { definition } = parseWorkflow(workflow('', 'budget: { usd: "1.5" }'));
    expect(definition?.steps[0]?.budget).toEqual({ microUsd: 1_500_000, action: 'fail' });
  });

  it.each([
    ['budget: { usd: lots }', '/budget/usd', '"usd" must be an amount in US dollars with at most 6 decimals'],
    ['budget: { tokens: 1.5 }', '/budget/tokens', '"tokens" must be a whole number'],
    ['budget: { action: pause }', '/budget', 'give it usd, tokens or both'],
    ['budget: { usd: 1, action: stop }', '/budget/action', '"action" must be one of fail, pause, warn.'],
    ['budget: { usd: 1, period: daily }', '/budget/period', 'Did you mean "day"?'],
    ['budget: { usd: 1, tokns: 3 }', '/budget/tokns', 'Did you mean "tokens"?'],
    ['budget: 5', '/budget', 'A budget is an object'],
    ['budget: [{ usd: 1 }, { tokens: 1 }]', '/budget/1', 'two budgets for each job'],
    ['budget: [{ usd: 1, period: day }, { tokens: 1, period: day }]', '/budget/1', 'two budgets for each day'],
  ])('%s is refused at its place', (source, path, message) => {
    expect(parseWorkflow(workflow(source)).issues).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(message), line: expect.any(Number) }),
    ]);
  });

  it('has no period at a step', () => {
    const { issues } = parseWorkflow(workflow('', 'budget: { usd: 1, period: day }'));
    expect(issues.map(({ message }) => message)).toEqual([
      '"period" is for the budget of a workflow; that of a step counts for one job.',
    ]);
  });
});
