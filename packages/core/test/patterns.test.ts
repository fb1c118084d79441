import { describe, expect, it } from 'vitest';
import { linearPattern, PatternError } from '../src/patterns.ts';

describe('linearPattern', () => {
  it.each([
    ['^a+$', 'aaa', true],
    ['^a+$', 'aab', false],
    ['\\d{4}-\\d{2}', 'on 2026-11', true],
    ['^[\\w.-]+@[^\\s@]+$', 'me@example.com', true],
    ['^\\p{L}+$', 'Käse', true],
    ['(?<year>\\d+)', '2026', true],
    ['^[^]{3}$', 'a\nb', true],
    ['^\\$\\{x\\}$', '${x}', true],
  ])('finds %s in %j: %j', (source, text, found) => {
    expect(linearPattern(source).test(text)).toBe(found);
  });

  it.each(['(?=a)', '(?!a)', '(?<=a)b', '(a)\\1', '(', '[z-a]', 'a**', 'a{2,1}'])('refuses %s', (source) => {
    expect(() => linearPattern(source)).toThrow(PatternError);
  });

  it.each([
    'a{1000}'.repeat(20),
    `(${'a'.repeat(500)}){900}`,
    `((${'a'.repeat(50)}){30}){30}`,
    `(${'[abc]'.repeat(50)}\\p{L}\\d(x|y)){500,}`,
    'x'.repeat(20_000),
    '['.repeat(1_000_000),
  ])('refuses a pattern that would become too large', (source) => {
    expect(() => linearPattern(source)).toThrow(/is too large, or its repetitions multiply/);
  });

  it.each([
    '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
    '^[a-z]{1,63}(\\.[a-z]{1,63}){1,8}$',
    'a{1000}',
    '[{}()]{3}\\{9\\}',
  ])('accepts the ordinary pattern %s', (source) => {
    expect(linearPattern(source).size).toBeLessThan(2_000);
  });
});
