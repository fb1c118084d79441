import { Transform } from 'node:stream';
import { replaceHits, type SecretMask } from './secret-mask.ts';

const BLOCK_BYTES = 256 * 1024;
/** A file with a NUL so near its beginning is no text. */
const LOOKED_AT_BYTES = 8 * 1024;
/** What escapes make of one byte at most, such as &#x0041; */
const BYTES_PER_UNIT = 8;

/**
 * Masks the content of a file while it passes. In a file that is no text a secret is overwritten sign by sign, so that nothing
 * else in it moves, and `onDamage` is told.
 */
export function maskingStream(mask: SecretMask, onDamage: () => void): Transform {
  const overlap = mask.longest * BYTES_PER_UNIT;
  const most = Math.max(BLOCK_BYTES, overlap * 2);
  let waiting: Buffer[] = [];
  let bytes = 0;
  let isText: boolean | undefined;

  /** The bytes whose secrets are known whole. What is behind them waits for more. */
  const masked = (isEnd: boolean): Buffer => {
    const block = Buffer.concat(waiting);
    isText ??= !block.subarray(0, LOOKED_AT_BYTES).includes(0);
    const content = block.toString('latin1');
    let end = isEnd ? content.length : content.length - overlap;
    const hits = mask.search(content).hits.filter(({ from }) => from < end);
    end = Math.max(end, hits.at(-1)?.to ?? 0);
    if (hits.length > 0 && !isText) onDamage();
    waiting = [block.subarray(end)];
    bytes = block.length - end;
    const shown = isText ? undefined : (length: number) => '*'.repeat(length);
    return Buffer.from(replaceHits(content.slice(0, end), hits, shown), 'latin1');
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting.push(chunk);
      bytes += chunk.length;
      done(null, bytes < most ? undefined : masked(false));
    },
    flush: (done) => done(null, masked(true)),
  });
}
