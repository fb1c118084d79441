/** Why the process cannot start, in one line for whoever started it. */
export class StartError extends Error {
  override name = 'StartError';
  /** As sysexits.h has it: 78 when a setting must be changed, 69 when something it needs is not there. */
  readonly exitCode: 69 | 78;

  constructor(message: string, exitCode: 69 | 78) {
    super(message);
    this.exitCode = exitCode;
  }

  static ofDatabase(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '42P01') {
      return new StartError(
        'DATABASE_URL: this database has no Signalbox tables. Start with `npm run start:api`, which makes them.',
        78,
      );
    }
    if (code === '28P01' || code === '28000' || code === '3D000') {
      return new StartError(`DATABASE_URL: the database refuses the connection: ${(error as Error).message}.`, 78);
    }
    if (
      ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'ENOENT', '57P03', '53300'].includes(code)
    ) {
      return new StartError(`DATABASE_URL: the database cannot be reached now (${code}).`, 69);
    }
    return error;
  }

  static ofListening(error: unknown, host: string, port: number): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EADDRINUSE') {
      return new StartError(
        `PORT: ${port} on ${host} is in use. Stop the other program, or set PORT to a free one.`,
        78,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      return new StartError(
        `HOST and PORT: cannot listen on ${host}:${port} (${code}). Set them to an address of this machine and a port above 1023.`,
        78,
      );
    }
    return error;
  }
}
