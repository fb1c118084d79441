/**
 * How a child process is started.
 *
 * @example
 * const options: SpawnOptions = {
 *   cwd: 'checkout',
 *   env: { CI: 'true' },
 *   onLine: (line, stream) => ctx.log(stream === 'STDERR' ? 'WARNING' : 'INFO', line),
 * };
 */
export interface SpawnOptions {
  /** The folder to run in: absolute, or relative to the job's working folder, which is the default. */
  cwd?: string;
  /** Variables on top of the host's allow-listed ones and its SIGNALBOX_JOB_ID, SIGNALBOX_STEP_KEY and so on. */
  env?: Record<string, string>;
  /** What the program reads; closed at once when absent. */
  stdin?: string;
  /** True gives `program` to a shell as text; `args` must then be empty. Never build that text from input. */
  shell?: boolean;
  /**
   * Called for each whole line, without its line end. When it is given, the host logs nothing by itself: call `ctx.log`
   * here for what shall be kept, and the line keeps its stream. When it is absent, every line is logged as INFO.
   */
  onLine?(line: string, stream: 'STDOUT' | 'STDERR'): void;
}

/**
 * How a child process ended. A program that fails is not an error of `spawn`: look at `exitCode`.
 *
 * @example
 * const { exitCode, stdout } = await ctx.spawn('git', ['rev-parse', 'HEAD']);
 * if (exitCode !== 0) throw new StepFailure('This is not a git checkout.', { category: 'USER_INPUT' });
 * return { commit: stdout.trim() };
 */
export interface SpawnResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  /** Such as SIGTERM; null when it exited by itself. */
  signal: string | null;
  /** The end of what it wrote, up to the host's limit. */
  stdout: string;
  stderr: string;
  /** True when the beginning of `stdout` or `stderr` was dropped. */
  truncated: boolean;
}
