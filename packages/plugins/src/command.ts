import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';
import { type ArtifactRule, artifactsSchema, checkRules, keepArtifacts } from './command-artifacts.ts';
import { endFailure, startFailure } from './command-failure.ts';
import { readMark } from './command-line-mark.ts';
import { createOutputFile } from './output-file.ts';
import { endStopped } from './stopped.ts';

type Scalar = string | number | boolean;
export type CommandConfig = {
  run?: string;
  program?: string;
  args?: Scalar[];
  env?: Record<string, Scalar>;
  cwd?: string;
  artifacts?: ArtifactRule[];
};
export type CommandOutput = { exitCode: number; stdout: string; stderr: string; [name: string]: unknown };

const config: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  oneOf: [
    { title: 'Shell text', required: ['run'] },
    { title: 'Program and arguments', required: ['program'] },
  ],
  dependentRequired: { args: ['program'] },
  properties: {
    run: {
      type: 'string',
      minLength: 1,
      title: 'Shell text',
      description:
        'What a shell runs. It may hold no expression: pass values by env and write "$NAME". Begin with `set -e` to stop at the first line that fails. Give either this or a program.',
    },
    program: {
      type: 'string',
      minLength: 1,
      title: 'Program',
      description: 'The program to start without a shell: a name on the PATH of the worker, or a path.',
    },
    args: {
      type: 'array',
      title: 'Arguments',
      description: "The program's arguments, each passed on exactly as it is.",
      items: { type: ['string', 'number', 'boolean'], title: 'Argument', description: 'One argument.' },
    },
    env: {
      type: 'object',
      title: 'Environment',
      description: 'Variables for the command, on top of the few of the worker that it sees.',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    cwd: {
      type: 'string',
      minLength: 1,
      title: 'Folder',
      description: "Where to run: absolute, or relative to the job's working folder, which is the default.",
    },
    artifacts: artifactsSchema,
  },
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['exitCode', 'stdout', 'stderr'],
  properties: {
    exitCode: { type: 'integer', title: 'Exit code', description: 'Always 0: any other one fails the step.' },
    stdout: { type: 'string', title: 'Standard output', description: 'Its end, without the last line end.' },
    stderr: { type: 'string', title: 'Standard error', description: 'Its end, without the last line end.' },
  },
  additionalProperties: {
    title: 'Own output',
    description: 'What the command wrote as a JSON object into the file named in $SIGNALBOX_OUTPUT.',
  },
};

export const command = defineStepType<CommandConfig, CommandOutput>({
  type: 'command',
  title: 'Command',
  description: 'Runs a program or a shell text on the worker, with its output as the log.',
  icon: 'terminal',
  config,
  output,
  uses: ({ program, run }) => program ?? firstLine(run ?? ''),
  async run(ctx) {
    const { program, args } = whatToRun(ctx.config);
    const { artifacts = [] } = ctx.config;
    checkRules(artifacts);
    const file = await createOutputFile();
    try {
      const { result, markedError } = await start(ctx, program, args, file.path);
      if (ctx.signal.aborted) await endStopped(ctx);
      if (artifacts.length > 0) await keepArtifacts(ctx, artifacts);
      const failure = endFailure(ctx.config.program ?? 'The command', result, markedError);
      if (failure) throw failure;
      return {
        exitCode: 0,
        stdout: withoutLineEnds(result.stdout),
        stderr: withoutLineEnds(result.stderr),
        ...(await file.read()),
      };
    } finally {
      await file.remove();
    }
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [command] });

async function start(ctx: StepContext<CommandConfig>, program: string, args: string[], outputPath: string) {
  const { cwd, env = {}, run } = ctx.config;
  let markedError: string | undefined;
  try {
    const result = await ctx.spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...texts(env), SIGNALBOX_OUTPUT: outputPath },
      shell: run !== undefined,
      onLine: (line) => {
        const mark = readMark(line);
        if ('level' in mark) {
          ctx.log(mark.level, mark.text);
          if (mark.level === 'ERROR') markedError = mark.text;
        } else ctx.progress(mark.percent, mark.note === '' ? undefined : mark.note);
      },
    });
    return { result, markedError };
  } catch (error) {
    if (ctx.signal.aborted) return endStopped(ctx);
    throw startFailure(error, program, cwd);
  }
}

function whatToRun({ run, program, args }: CommandConfig): { program: string; args: string[] } {
  if (run !== undefined && program === undefined && args === undefined) return { program: run, args: [] };
  if (program !== undefined && run === undefined) return { program, args: (args ?? []).map(String) };
  const message = 'A command needs either `run` (a shell text) or `program` with `args`, and not both.';
  throw new StepFailure(message, { category: 'USER_INPUT' });
}

function texts(env: Record<string, Scalar>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0]?.trimEnd() ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** As a shell's `$( )` does. No pattern, since the text is the command's and may be made to be slow. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}
