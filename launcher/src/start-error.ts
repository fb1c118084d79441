/** Why Signalbox cannot start or go on, for the person at the terminal: printed as it is, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: number;

  /** @param options exitCode is 1 unless told; EX_CONFIG for settings that cannot work */
  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}

/** sysexits.h: something in the configuration is wrong, so that starting again cannot help. */
export const EX_CONFIG = 78;

/** sysexits.h: a command was not given as it has to be. */
export const EX_USAGE = 64;

/** The errno name of a system error, as in 'ENOENT'. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
