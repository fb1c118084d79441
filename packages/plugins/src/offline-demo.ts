import type { LanguageModel } from 'ai';
import { simulateReadableStream } from 'ai';

/** Does what the lines of its prompt say, so that agents and their tools can be tried without a network. */
export const DEMO_MODEL = 'offline/agent-demo';

type DemoModel = Extract<LanguageModel, { specificationVersion: 'v4' }>;
type CallOptions = Parameters<DemoModel['doStream']>[0];
type StreamPart =
  Awaited<ReturnType<DemoModel['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;

const NOTHING = { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 };

/**
 * A model that is none: a line of the prompt such as `call http.request {"url": "…"}` becomes a call of that tool, one line
 * a turn; when there is no further one, the answer tells what came of them.
 */
export function demoModel(): LanguageModel {
  return {
    specificationVersion: 'v4',
    provider: 'offline',
    modelId: 'agent-demo',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('The demo model only streams.')),
    doStream: async (options) => ({
      stream: simulateReadableStream({ chunks: turnOf(options), initialDelayInMs: null, chunkDelayInMs: null }),
    }),
  } satisfies DemoModel;
}

function turnOf({ prompt }: CallOptions): StreamPart[] {
  const wanted = prompt
    .flatMap((message) => (message.role === 'user' ? message.content : []))
    .flatMap((part) => {
      return part.type === 'text' ? callsIn(part.text) : [];
    });
  const results = prompt.flatMap((message) => (message.role === 'tool' ? message.content : []));
  const next = wanted[results.length];
  if (next) {
    return [
      ...text(`I call ${next.tool}.`),
      {
        type: 'tool-call',
        toolCallId: `call-${results.length + 1}`,
        toolName: nameForModel(next.tool),
        input: next.input,
      },
      finish('tool-calls'),
    ];
  }
  const told = results.map((part) =>
    part.type === 'tool-result' ? `- ${part.toolName}: ${JSON.stringify(part.output)}` : '',
  );
  const count =
    told.length === 0 ? 'No tool was called' : `${told.length} tool ${told.length === 1 ? 'call' : 'calls'}`;
  return [...text([`[${DEMO_MODEL}] No model was asked. ${count}:`, ...told].join('\n')), finish('stop')];
}

function callsIn(prompt: string): { tool: string; input: string }[] {
  return prompt.split('\n').flatMap((line) => {
    const [, tool, input = '{}'] = /^\s*call\s+(\S+)(?:\s+(\{.*\}))?\s*$/.exec(line) ?? [];
    return tool === undefined ? [] : [{ tool, input }];
  });
}

/** As agent-tools.ts names them. */
function nameForModel(tool: string): string {
  return tool.replaceAll(/[^A-Za-z0-9_-]+/g, '_');
}

function text(content: string): StreamPart[] {
  return [
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: content },
    { type: 'text-end', id: '1' },
  ];
}

function finish(unified: 'stop' | 'tool-calls'): StreamPart {
  const usage = { inputTokens: NOTHING, outputTokens: { total: 0, text: 0, reasoning: 0 } };
  return { type: 'finish', finishReason: { unified, raw: unified }, usage };
}
