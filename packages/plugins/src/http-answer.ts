import { MIMEType, TextDecoder } from 'node:util';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { Response } from 'undici';

export interface HttpAnswer {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  /** A value when the answer was JSON, else its text. */
  body: unknown;
  url: string;
  durationMs: number;
}

/** The bytes of an answer's body, at most `maxBytes` after decompression. */
export async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      const message = `The answer of ${response.url} is larger than ${maxBytes} bytes. Ask for less, or raise maxBytes.`;
      throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as a value when it says that it is JSON and is, else as text. `brokenJson` tells that it only said so. */
export function parseBody(bytes: Uint8Array, contentType: string | null): { body: unknown; brokenJson: boolean } {
  const type = mimeType(contentType);
  const text = decoder(type?.params.get('charset') ?? 'utf-8').decode(bytes);
  const saysJson = type !== undefined && (type.subtype === 'json' || type.subtype.endsWith('+json'));
  if (!saysJson) return { body: text, brokenJson: false };
  if (text.trim() === '') return { body: null, brokenJson: false };
  try {
    return { body: JSON.parse(text), brokenJson: false };
  } catch {
    return { body: text, brokenJson: true };
  }
}

/** Header names in lower case; a header that came several times has its values joined. */
export function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) {
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function mimeType(contentType: string | null): MIMEType | undefined {
  try {
    return contentType === null ? undefined : new MIMEType(contentType);
  } catch {
    return undefined;
  }
}

function decoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
