import { expect, test } from 'vitest';
import { SecretMask } from '../src/secret-mask.ts';

function masking(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.hide(secret);
  return mask;
}

test('a secret is masked as it is, inside JSON, inside a URL and inside Base64', () => {
  const secret = 'p"ss w/rd+1';
  const mask = masking(secret);
  expect(mask.text(`a ${secret} b`)).toBe('a *** b');
  expect(mask.text(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  expect(mask.text(`?q=${encodeURIComponent(secret)}`)).toBe('?q=***');
  for (const prefix of ['', 'u', 'us', 'user:', 'users:']) {
    expect(mask.text(btoa(`${prefix}${secret}!`))).toContain('***');
  }
  expect(mask.text(Buffer.from(secret).toString('base64url'))).toContain('***');
});

test('every line of a secret of several lines is masked by itself', () => {
  const mask = masking('-----BEGIN-----\nabcdef\nghijkl\n-----END-----');
  expect(mask.text('line abcdef here')).toBe('line *** here');
});

test('a value of a few letters does not mask every text', () => {
  expect(masking('a').text('banana')).toBe('banana');
});

test('a secret that contains another one is masked whole', () => {
  expect(masking('secret', 'secret-and-more').text('secret-and-more secret')).toBe('*** ***');
});

test('keys and values of JSON are masked at any depth, other types stay', () => {
  const value = { 'key-s3cret': [1, true, null, { deep: 'x s3cret y' }] };
  expect(masking('s3cret').json(value)).toEqual({ 'key-***': [1, true, null, { deep: 'x *** y' }] });
});
