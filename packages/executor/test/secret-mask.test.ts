import { describe, expect, test } from 'vitest';
import { LineMask, SecretMask } from '../src/secret-mask.ts';

function masking(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.hide(secret);
  return mask;
}

const SECRET = 'P"ss w/rd+1\'é&<x>';
const KEY = `-----BEGIN KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(2)}q7Zk\n-----END KEY-----\n`;

const bytesOf = (text: string) => Buffer.from(text);
const hexOf = (text: string, separator: string) => (bytesOf(text).toString('hex').match(/../g) ?? []).join(separator);

const DISGUISES: [string, (secret: string) => string][] = [
  ['as it is', (secret) => secret],
  ['in JSON', (secret) => JSON.stringify({ secret })],
  ['in JSON that JSON carries', (secret) => JSON.stringify({ body: JSON.stringify({ secret }) })],
  ['in JSON within JSON within JSON', (secret) => JSON.stringify(JSON.stringify(JSON.stringify(secret)))],
  ['in a wrapped text', (secret) => secret.replace(/.{3}/g, '$&\n  ')],
  [
    'in JSON of ASCII only',
    (secret) => secret.replace(/[^a-z]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['in JSON that escapes slashes', (secret) => JSON.stringify(secret).replaceAll('/', '\\/')],
  ['in a URL', (secret) => `?q=${encodeURIComponent(secret)}&z`],
  ['in a URL with lower-case escapes', (secret) => encodeURIComponent(secret).replace(/%../g, (x) => x.toLowerCase())],
  ['in a URL where every sign is escaped', (secret) => `%${hexOf(secret, '%')}`],
  ['in a URL within a URL', (secret) => encodeURIComponent(`/next?q=${encodeURIComponent(secret)}`)],
  ['in a form', (secret) => new URLSearchParams({ secret }).toString()],
  ['in HTML', (secret) => secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
  ['in HTML with names', (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ['quoted for a shell', (secret) => `'${secret.replaceAll("'", "'\\''")}'`],
  ['escaped for a shell', (secret) => secret.replace(/[^\wé]/g, (sign) => `\\${sign}`)],
  ['in hex', (secret) => hexOf(secret, '')],
  ['in upper-case hex', (secret) => hexOf(secret, '').toUpperCase()],
  ['in hex with colons', (secret) => hexOf(secret, ':').toUpperCase()],
  ['as a list of bytes', (secret) => `0x${hexOf(secret, ', 0x')}`],
  ['in a string of bytes', (secret) => `b'\\x${hexOf(secret, '\\x')}'`],
  ['in upper case', (secret) => secret.toUpperCase()],
  ['in lower case', (secret) => secret.toLowerCase()],
  ['in CSV', (secret) => `a,"${secret.replaceAll('"', '""')}"`],
  ['as bytes that were read as Latin-1', (secret) => bytesOf(secret).toString('latin1')],
  ['in upper case, as such bytes', (secret) => bytesOf(secret.toUpperCase()).toString('latin1')],
  ['in lower case, as such bytes', (secret) => bytesOf(secret.toLowerCase()).toString('latin1')],
];

describe('a secret is masked', () => {
  test.each(DISGUISES)('%s', (_name, disguise) => {
    const mask = masking(SECRET);
    const masked = mask.text(`before ${disguise(SECRET)} behind`);
    expect(masked).toMatch(/^before .*\*\*\*.* behind$/s);
    expect(masked.length).toBeLessThan(disguise('').length + 'before *** behind'.length + 5);
  });

  test('in Base64, wherever it begins in the encoded bytes, also with the letters for URLs and wrapped at 76 signs', () => {
    const mask = masking(SECRET);
    for (const prefix of ['', 'u', 'us', 'user:', 'users:']) {
      const encoded = Buffer.from(`${prefix}${SECRET}!`).toString('base64');
      expect(mask.text(encoded)).toMatch(/^[\w+/]{0,8}\*\*\*[\w+/]{0,4}=*$/);
      expect(mask.text(encoded.replaceAll('+', '-').replaceAll('/', '_'))).toContain('***');
      expect(mask.text(encoded.replace(/.{9}/g, '$&\n'))).toMatch(/^[\w+/]{0,8}\*\*\*/);
      expect(mask.text(JSON.stringify(encoded.replace(/.{9}/g, '$&\r\n')))).toContain('***');
    }
  });

  test('of several lines: whole, indented, each line by itself, and escaped', () => {
    const mask = masking(KEY);
    expect(mask.text(`a\n${KEY}b`)).toBe('a\n***\nb');
    expect(mask.text(KEY.replace(/^/gm, '    '))).toBe('    ***\n    ');
    expect(mask.text('line MIIEvQIBADANBgkqhkiG9w0BAQEFAASC here')).toBe('line *** here');
    expect(mask.text(JSON.stringify({ KEY }))).toBe('{"KEY":"***\\n"}');
    expect(mask.text(Buffer.from(KEY).toString('base64').replace(/.{76}/g, '$&\n'))).toMatch(/^\*\*\*\w{0,2}=*$/);
  });

  test('that is JSON itself: whole, and the texts in it', () => {
    const mask = masking('{\n  "user": "ada",\n  "password": "correct horse"\n}');
    expect(mask.text('login ada with correct horse')).toBe('login ada with ***');
    expect(mask.text('{')).toBe('{');
  });

  test('whole when it contains another one', () => {
    expect(masking('secret', 'secret-and-more').text('secret-and-more secret')).toBe('*** ***');
  });

  test('in keys and values of JSON at any depth, and as a number; other types stay', () => {
    const value = { 'key-s3cret': [1, true, null, { deep: 'x s3cret y', pin: 918273 }] };
    expect(masking('s3cret', '918273').json(value)).toEqual({
      'key-***': [1, true, null, { deep: 'x *** y', pin: '***' }],
    });
    expect(masking('s3cret', 'hidden').json({ s3cret: 1, hidden: 2 })).toEqual({ '***': 1, '*** (2)': 2 });
  });

  test('where the beginning of a text was cut off within it', () => {
    const mask = masking('a-long-secret-value');
    expect(mask.withoutCutFront('secret-value and more')).toBe('*** and more');
    expect(mask.withoutCutFront('value')).toBe('value');
  });
});

describe('a value is not masked', () => {
  test.each(['', 'a', 'abc', 'aaaaaaaa', '1010', 'true', 'NULL', ' \n '])('that is short or plain: %j', (value) => {
    const mask = new SecretMask();
    expect(mask.hide(value)).toBe(false);
    expect(mask.active).toBe(false);
    expect(mask.text('banana is true')).toBe('banana is true');
  });
});

describe('line by line', () => {
  function masked(secret: string, ...lines: string[]): string[] {
    const mask = new LineMask(masking(secret));
    return lines.map((line) => mask.line(line));
  }

  test('a secret that goes over into the next lines is masked in each of them', () => {
    expect(masked('a-long-secret-value', 'it is a-long-se', 'cret-value, as told')).toEqual([
      'it is ***',
      '***, as told',
    ]);
    const encoded =
      Buffer.from(KEY)
        .toString('base64')
        .match(/.{1,20}/g) ?? [];
    expect(masked(KEY, ...encoded).join('')).toMatch(/^(\*\*\*)+\w{0,2}=*$/);
  });

  test('a beginning too short to give anything away stays, and what follows is masked all the same', () => {
    expect(masked('a-long-secret-value', 'a-lo', 'ng-secret-value')).toEqual(['a-lo', '***']);
  });

  test('a secret that is hidden later is masked from then on', () => {
    const mask = new SecretMask();
    const lines = new LineMask(mask);
    expect(lines.line('first-secret')).toBe('first-secret');
    mask.hide('first-secret');
    expect(lines.line('first-secret')).toBe('***');
    mask.hide('other-secret');
    expect(lines.line('first-secret other-secret')).toBe('*** ***');
  });
});

test('a megabyte of log with twenty secrets costs a moment, and so does the longest hostile line', () => {
  const mask = masking(...Array.from({ length: 20 }, (_, index) => `secret-${index}-${'xyz'.repeat(8)}`));
  const lines = new LineMask(mask);
  // Of this process alone: how busy the machine is does not count.
  const before = process.cpuUsage();
  for (let line = 0; line < 10_000; line += 1)
    lines.line(`2026-11-27T04:35:33Z INFO request handled, status=200 n=${line} ${'.'.repeat(45)}`);
  mask.text('\\\\\\&amp;%2525'.repeat(18_000));
  expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
});
