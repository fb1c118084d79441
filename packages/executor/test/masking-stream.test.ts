import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { maskingStream } from '../src/masking-stream.ts';
import { SecretMask } from '../src/secret-mask.ts';

const SECRET = 'sëcret-of-the-file';

async function masked(content: Buffer, chunkBytes: number): Promise<{ content: Buffer; damaged: number }> {
  const mask = new SecretMask();
  mask.hide(SECRET);
  let damaged = 0;
  const chunks = Array.from({ length: Math.ceil(content.length / chunkBytes) }, (_, index) =>
    content.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const stream = Readable.from(chunks, { objectMode: false }).pipe(maskingStream(mask, () => (damaged += 1)));
  return { content: await buffer(stream), damaged };
}

test('a text is masked wherever it was cut into chunks and blocks, and nothing else in it changes', async () => {
  const encoded = Buffer.from(`a:${SECRET}`).toString('base64').replace(/.{6}/g, '$&\n');
  const text = `${SECRET}é${'x'.repeat(261_000)}`.repeat(3) + encodeURIComponent(SECRET) + encoded;
  const expected = `***é${'x'.repeat(261_000)}`.repeat(3);
  for (const chunkBytes of [7_001, 65_536, 10_000_000]) {
    const { content, damaged } = await masked(Buffer.from(text), chunkBytes);
    const shown = content.toString();
    expect(shown.startsWith(expected)).toBe(true);
    expect(shown.slice(expected.length)).toMatch(/^\*\*\*\w{0,4}\*\*\*\w?=*\n?$/);
    expect(damaged).toBe(0);
  }
});

test('in a file that is no text a secret is overwritten in its place, and somebody is told', async () => {
  const [before, secret, behind] = [Buffer.alloc(300_000, 0), Buffer.from(SECRET), Buffer.alloc(300_000, 0xff)];
  const { content, damaged } = await masked(Buffer.concat([before, secret, behind]), 50_000);
  expect(content.equals(Buffer.concat([before, Buffer.alloc(secret.length, '*'), behind]))).toBe(true);
  expect(damaged).toBe(1);
});

test('a file without a secret, and an empty one, stay as they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => (index * 31) % 256));
  expect((await masked(bytes, 65_536)).content.equals(bytes)).toBe(true);
  expect((await masked(Buffer.alloc(0), 1)).content).toHaveLength(0);
});
