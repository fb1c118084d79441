/** How many bytes of a stream's end a step gets to see. */
const TAIL_BYTES = 64 * 1024;

/** Remembers the end of a stream in bounded memory. */
export class OutputTail {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #truncated = false;

  get truncated(): boolean {
    return this.#truncated;
  }

  push(chunk: Uint8Array): void {
    // A copy of the end only: a slice would keep the whole chunk alive.
    const end = chunk.length > TAIL_BYTES ? Buffer.from(chunk.subarray(chunk.length - TAIL_BYTES)) : chunk;
    if (end !== chunk) this.#truncated = true;
    this.#chunks.push(end);
    this.#bytes += end.length;
    for (let first = this.#chunks[0]; first && this.#bytes - first.length >= TAIL_BYTES; first = this.#chunks[0]) {
      this.#chunks.shift();
      this.#bytes -= first.length;
      this.#truncated = true;
    }
  }

  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    let from = Math.max(0, bytes.length - TAIL_BYTES);
    if (from > 0) this.#truncated = true;
    // A character whose beginning was dropped is dropped whole.
    if (this.#truncated)
      for (let skipped = 0; skipped < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80; skipped += 1) from += 1;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from));
  }
}
