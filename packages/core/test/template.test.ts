import { describe, expect, it } from 'vitest';
import type { Json } from '../src/json.ts';
import type { Scope } from '../src/template.ts';
import { ExpressionError, evaluateCondition, evaluateTemplate } from '../src/template.ts';

const scope: Scope = {
  input: {
    whole: 3,
    fraction: 1.5,
    text: 'hey',
    list: [1, 2, 3],
    nothing: null,
    object: JSON.parse('{"constructor":"c","__proto__":"p","a-b":true}') as Json,
    long: 'x'.repeat(600_000),
    numbers: Array.from({ length: 100_000 }, (_, index) => index),
  },
  steps: {
    build: { status: 'COMPLETED', output: { stdout: 'done', n: 2 }, error: null },
    'test-it': { status: 'FAILED', output: null, error: { message: 'boom', category: 'PROCESS' } },
    skipped: { status: 'SKIPPED', output: null, error: null },
  },
  job: { id: 'j1', workflow: 'flow', version: 3, subject: null, labels: ['nightly'] },
  secrets: { TOKEN: 's3cret' },
};

function failure(evaluate: () => unknown): ExpressionError {
  try {
    evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('The expression was evaluated.');
}

describe('evaluateTemplate', () => {
  const values: [string, Json][] = [
    ['input.whole + 1', 4],
    ['input.whole + 1.5', 4.5],
    ['1 + input.fraction * 2', 4],
    ['input.fraction - 1', 0.5],
    ['1 / input.fraction > 0.6', true],
    ['input.whole / 2', 1],
    ['double(input.whole) / 2', 1.5],
    ['double(input.whole) == 3', true],
    ['input.whole == 3 && input.fraction == 1.5', true],
    ['input.text + "!"', 'hey!'],
    ['input.list', [1, 2, 3]],
    ['input.list.map(x, x * 2)', [2, 4, 6]],
    ['input.list.map(x, x > 1, x * 10)', [20, 30]],
    ['input.list.filter(x, x != 2)', [1, 3]],
    ['input.list.all(x, x > 0)', true],
    ['input.list.exists(x, x == 2)', true],
    ['input.list.exists(x, x / 0 == 1 || x == 3)', true],
    ['input.list.exists_one(x, x > 1)', false],
    ['input.object.map(k, k)', ['constructor', '__proto__', 'a-b']],
    ['[1, 2].map(x, [3].map(y, x + y))', [[4], [5]]],
    ['input.list[0] in input.list', true],
    ['input.object', JSON.parse('{"constructor":"c","__proto__":"p","a-b":true}') as Json],
    ['input.object.constructor', 'c'],
    ['input.object["a-b"]', true],
    ['input.nothing', null],
    ['has(input.missing)', false],
    ['input.?missing', null],
    ['input.?missing.orValue("default")', 'default'],
    ['{"a": [1, 2.5, "x", null], "b": {"c": true}}', { a: [1, 2.5, 'x', null], b: { c: true } }],
    ['job', { id: 'j1', workflow: 'flow', version: 3, subject: null, labels: ['nightly'] }],
    ['steps.build.output.n * 2', 4],
    ['steps["test-it"].error.message', 'boom'],
    ['steps.skipped.output == null', true],
    ['secrets.TOKEN', 's3cret'],
    ['"aaab".matches("^(a+)+b$")', true],
    ['bytes("{\\"n\\": 2}").json().n + 1', 3],
    ['json({"a": [1, 1.5, input.nothing]})', '{"a":[1,1.5,null]}'],
    ['json(input.object)', '{"constructor":"c","__proto__":"p","a-b":true}'],
    ['timestamp("2026-01-01T00:00:00Z")', '2026-01-01T00:00:00.000Z'],
    ['duration("90s")', '90s'],
    ['5u', 5],
    ['"a,b".split(",").join("-")', 'a-b'],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ["'${{ }}'", '${{ }}'],
    ['failed()', false],
    ['always()', true],
  ];
  it.each(values)('keeps the type of one expression: %s is %j', (expression, value) => {
    expect(evaluateTemplate(`\${{ ${expression} }}`, scope)).toEqual(value);
  });

  it.each([
    ['v${{ input.whole }}', 'v3'],
    ['${{ input.whole }} ', '3 '],
    ['${{ input.whole }}${{ input.fraction }}', '31.5'],
    ['[${{ input.nothing }}]', '[]'],
    ['${{ input.list }} ${{ input.object }}', '[1,2,3] {"constructor":"c","__proto__":"p","a-b":true}'],
    ['is ${{ input.list.size() > 2 }}', 'is true'],
    ['n = ${{ 9223372036854775807 }}', 'n = 9223372036854775807'],
    ['a ${{ {"b": "}}"} }} c', 'a {"b":"}}"} c'],
    ['no expression', 'no expression'],
    ['${ } {{ }}', '${ } {{ }}'],
  ])('makes text of %j', (template, text) => {
    expect(evaluateTemplate(template, scope)).toBe(text);
  });

  it('reaches into lists and objects, and leaves everything else alone', () => {
    const template = {
      a: ['${{ input.whole }}', 1, null, true],
      b: { c: 'x${{ input.text }}' },
      '${{ input.text }}': 0,
    };
    expect(evaluateTemplate(template, scope)).toEqual({
      a: [3, 1, null, true],
      b: { c: 'xhey' },
      '${{ input.text }}': 0,
    });
    expect(template.a[0]).toBe('${{ input.whole }}');
  });

  it('keeps keys such as __proto__ harmless', () => {
    const template = JSON.parse('{"__proto__": {"polluted": "${{ input.whole }}"}}') as Json;
    const result = evaluateTemplate(template, scope);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":3}}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  const failures: [string, string][] = [
    ['input.missing', 'No such key: missing.'],
    ['input.__proto__', 'No such key: __proto__.'],
    ['input.text.constructor', 'No such key: constructor.'],
    ['steps.skipped.output.text', 'No such key: text. The step skipped was skipped, so its output is null.'],
    [
      'secrets.NONE',
      'No such key: NONE. There is no secret NONE: set SIGNALBOX_SECRET_NONE where the executor runs, or call setSecret.',
    ],
    ['input.list[7]', 'No such key: index out of bounds, index 7 >= size 3.'],
    ['input.text + 1', 'no such overload: dyn<string> + int.'],
    ['1 / 0', 'division by zero.'],
    ['9223372036854775807 + 1', 'integer overflow: 9223372036854775808.'],
    ['9007199254740993', 'the number 9007199254740993 is too large to be kept exactly: use string().'],
    ['1.0 / 0.0', 'the number Infinity cannot be kept as JSON.'],
    ['b"abc"', 'bytes cannot be kept as JSON: use .string() or .base64().'],
    ['type(1)', 'the result is not data.'],
    ['input.list.filter(x, x)', 'a condition is not true or false.'],
    ['input.whole.map(x, x)', 'map() needs a list or a map.'],
    ['input.text.matches("(?=a)")', 'The pattern (?=a) cannot be used'],
    ['bool("maybe")', 'bool() conversion error: invalid string value "maybe".'],
    ['1 +', 'The expression is wrong: Unexpected token: the end of the expression.'],
    ['', 'The expression is empty.'],
    ['nothing', 'The expression is wrong: Unknown variable: nothing.'],
  ];
  it.each(failures)('fails clearly: %s', (expression, reason) => {
    const error = failure(() => evaluateTemplate(`\${{${expression}}}`, scope));
    expect(error.message).toContain(`\${{ ${expression} }} cannot be evaluated: ${reason}`);
    expect(error.expression).toBe(expression);
  });

  it('fails for an expression that is not closed', () => {
    expect(failure(() => evaluateTemplate('x ${{ input.whole', scope)).message).toBe('A ${{ is not closed by }}.');
  });

  it('says that a secret is unknown where none are given', () => {
    const { secrets: _none, ...withoutSecrets } = scope;
    expect(failure(() => evaluateTemplate('${{ secrets.TOKEN }}', withoutSecrets)).message).toContain(
      'no secret TOKEN',
    );
  });

  it.each(['${{ input.long + input.long }}', '${{ input.long }}${{ input.long }}', 'x${{ input.long + input.long }}'])(
    'refuses a text of more than 1 MiB: %s',
    (template) => {
      expect(failure(() => evaluateTemplate(template, scope)).message).toContain('the text is longer than 1 MiB');
    },
  );

  it('refuses values that hold too much text together', () => {
    const template = Array.from({ length: 20 }, () => '${{ input.long }}');
    expect(failure(() => evaluateTemplate(template, scope)).message).toContain('The evaluated values hold more than');
  });

  it('does large but honest work', () => {
    expect(evaluateTemplate('${{ input.numbers.filter(x, x % 2 == 0).size() }}', scope)).toBe(50_000);
  });

  it.each([
    'input.numbers.map(x, input.numbers.map(y, input.numbers.map(z, 1)))',
    'input.numbers.exists(x, input.numbers.exists(y, input.numbers.exists(z, z < 0)) || false)',
    'input.numbers.all(x, input.numbers.all(y, input.numbers.all(z, z >= 0)) || true)',
    'input.numbers.filter(x, (x + 1) in input.numbers).size()',
    'input.numbers.map(x, input.numbers == input.numbers)',
    'input.numbers.map(x, input.long.contains("y"))',
    'input.numbers.map(x, input.long.matches("(x+x+)+y"))',
    'input.numbers.map(x, input.long + input.long)',
    'input.numbers.map(x, input.numbers + input.numbers)',
    '[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, input.numbers.map(c, input.numbers.size())))',
    '[[0,0,0,0,0,0,0,0,0,0]].map(a, [a,a,a,a,a,a,a,a,a,a]).map(b, [b,b,b,b,b,b,b,b,b,b]).map(c, [c,c,c,c,c,c,c,c,c,c]).map(d, [d,d,d,d,d,d,d,d,d,d]).map(e, [e,e,e,e,e,e,e,e,e,e]).map(f, [f,f,f,f,f,f,f,f,f,f])',
  ])('ends an expression that does too much work: %s', (expression) => {
    const error = failure(() => evaluateTemplate(`\${{ ${expression} }}`, scope));
    expect(error.message).toContain('it does too much work');
  });

  it('begins each expression with a fresh budget', () => {
    const busy = '${{ input.numbers.filter(x, x > 5).size() }}';
    expect(
      evaluateTemplate(
        Array.from({ length: 8 }, () => busy),
        scope,
      ),
    ).toEqual(Array.from({ length: 8 }, () => 99_994));
  });
});

describe('evaluateCondition', () => {
  it.each([
    ['true', true],
    ['input.whole > 2', true],
    ['steps.build.status == "COMPLETED"', true],
    ['failed()', false],
    ['always()', true],
    ['failed() || input.list.size() == 3', true],
  ])('answers whether %s: %j', (source, holds) => {
    expect(evaluateCondition(source, scope)).toBe(holds);
  });

  it('knows from the scope whether a need failed', () => {
    expect(evaluateCondition('failed()', { ...scope, failed: true })).toBe(true);
    expect(evaluateCondition('failed()', scope)).toBe(false);
  });

  it.each(['input.text', 'input.whole', 'input.nothing', '"true"'])(
    'refuses %s, which is neither true nor false',
    (source) => {
      const { message } = failure(() => evaluateCondition(source, scope));
      expect(message).toBe(`\${{ ${source} }} cannot be evaluated: a condition is true or false, and this is neither.`);
    },
  );
});
