/** A stored line is never longer than this, in bytes of UTF-8. */
export const MAX_LINE_BYTES = 256 * 1024;

export const CUT_MARK = ' … [cut: the line is longer than 256 KiB]';

/** The line itself, or its beginning with a visible mark when it is too long to be stored whole. */
export function cutLine(line: string): string {
  // Three bytes are the most that one UTF-16 unit can take.
  if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  const room = MAX_LINE_BYTES - Buffer.byteLength(CUT_MARK);
  return (
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(wholeCharacters(Buffer.from(line).subarray(0, room))) +
    CUT_MARK
  );
}

/** The bytes without a last character of UTF-8 that is not complete. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}
