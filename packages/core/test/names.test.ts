import { describe, expect, it } from 'vitest';
import { didYouMean, shorten } from '../src/names.ts';

describe('didYouMean', () => {
  const candidates = ['command', 'prompt', 'tool', 'if'];

  it.each([
    ['comand', ' Did you mean "command"?'],
    ['COMMAND', ' Did you mean "command"?'],
    ['promt', ' Did you mean "prompt"?'],
    ['tol', ' Did you mean "tool"?'],
    ['fi', ''],
    ['ifs', ' Did you mean "if"?'],
    ['xyz', ''],
    ['approval', ''],
    ['', ''],
    ['c'.repeat(5_000), ''],
  ])('answers %j with %j', (word, help) => {
    expect(didYouMean(word, candidates)).toBe(help);
  });

  it('has nothing to say without candidates', () => {
    expect(didYouMean('command', [])).toBe('');
  });
});

describe('shorten', () => {
  it('keeps a short text and cuts a long one visibly', () => {
    expect(shorten('short', 5)).toBe('short');
    expect(shorten('longer', 5)).toBe('long…');
  });
});
