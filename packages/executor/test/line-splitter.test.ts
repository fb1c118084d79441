import { expect, test } from 'vitest';
import { LineSplitter } from '../src/line-splitter.ts';

/** The lines of what a pipe gives in these pieces. */
function split(...pieces: (string | number[])[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.push(typeof piece === 'string' ? Buffer.from(piece) : Uint8Array.from(piece));
  splitter.end();
  return lines;
}

test('lines end with LF or CRLF, wherever the reads were cut', () => {
  expect(split('one\ntwo\r\nthree\n')).toEqual(['one', 'two', 'three']);
  expect(split('o', 'ne\nt', 'wo\r', '\nthree', '\n')).toEqual(['one', 'two', 'three']);
});

test('empty lines are kept, and a last line without an end is handed over', () => {
  expect(split('\n\na\n\nlast')).toEqual(['', '', 'a', '', 'last']);
  expect(split('', '\n', '')).toEqual(['']);
});

test('characters that are split between reads stay whole', () => {
  const bytes = [...Buffer.from('grüße 🚀 da\n')];
  expect(split(...bytes.map((byte) => [byte]))).toEqual(['grüße 🚀 da']);
});

test('bytes that are no UTF-8 become the replacement character and never cost the line its end', () => {
  expect(split([0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82, 0x0a, 0x63, 0x0a])).toEqual(['a\ufffdb', '\ufffd', 'c']);
});

test('a NUL is a sign like any other', () => {
  expect(split('a\0b\n')).toEqual(['a\0b']);
});

test('after a lone CR the line is written anew, so a progress bar is one line', () => {
  expect(split('10%\r20%\r30%\n', 'next\n')).toEqual(['30%', 'next']);
  expect(split('10%', '\r20%', '\r', '30%\r', '\r\n')).toEqual(['30%']);
  expect(split('10%\r', '20%')).toEqual(['20%']);
  expect(split('done\r')).toEqual(['done']);
});

test('a long progress bar without any line end costs no memory', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  const before = process.memoryUsage().arrayBuffers;
  const turn = Buffer.from(`\r${'#'.repeat(1_000)}`);
  for (let turns = 0; turns < 20_000; turns += 1) splitter.push(turn);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  splitter.end();
  expect(lines).toEqual(['#'.repeat(1_000)]);
});

test('a line longer than 256 KiB is cut with a visible mark at once, and the next line is whole again', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  const piece = Buffer.from('x'.repeat(64 * 1024));
  for (let pieces = 0; pieces < 160; pieces += 1) splitter.push(piece);
  expect(lines).toHaveLength(1);
  splitter.push(Buffer.from('the rest of it\nshort\n'));
  splitter.end();
  const [cut = '', ...others] = lines;
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(256 * 1024);
  expect(cut).toMatch(/^x+ … \[cut: the line is longer than 256 KiB\]$/);
  expect(others).toEqual(['short']);
});

test('a long line is cut between characters, also when it comes with its end in one read', () => {
  const [cut = '', ...others] = split(`${'€'.repeat(200_000)}\nshort\n`);
  expect(cut).toMatch(/^€+ … \[cut/);
  expect(others).toEqual(['short']);
});
