import type { CallToolResult } from '@modelcontextprotocol/client';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { ServerToolResult } from '@signalbox/plugin-sdk/host';

const LONGEST_QUOTE = 1_000;

/** What a step gets to see of a result. Throws a PROCESS failure for one that is an error. */
export function readResult(what: string, { content, isError, structuredContent }: CallToolResult): ServerToolResult {
  const text = content
    .map(textOf)
    .filter((part) => part !== undefined)
    .join('\n');
  if (isError) {
    const quote = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
    throw new StepFailure(`${what} answered with an error: ${quote || 'it gave no reason'}`, { category: 'PROCESS' });
  }
  return { content: content.map((block) => ({ ...block })), structured: structuredContent ?? null, text };
}

function textOf(block: CallToolResult['content'][number]): string | undefined {
  if (block.type === 'text') return block.text;
  return block.type === 'resource' && 'text' in block.resource ? String(block.resource.text) : undefined;
}
