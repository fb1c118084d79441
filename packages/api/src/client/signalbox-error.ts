/** One thing that is wrong with what was sent. */
export interface SentIssue {
  /** JSON pointer into what was sent. */
  path: string;
  message: string;
  /** From 1, where a source was sent. */
  line?: number | null;
  column?: number | null;
}

export interface SignalboxErrorDetails {
  /** HTTP status, when there was an answer. */
  status?: number;
  /** Under which the server logged it. */
  requestId?: string;
  issues?: readonly SentIssue[];
  /** What the state of the job allows instead. */
  allowed?: readonly string[];
  cause?: unknown;
}

/**
 * Everything that the client throws. `code` is one of the API's (`NOT_FOUND`, `CONFLICT`, `INVALID_INPUT`, `FORBIDDEN`,
 * `UNAUTHENTICATED`, `UNAVAILABLE`, …), or `UNREACHABLE` when nothing answers, or `BAD_ANSWER` when something else than
 * Signalbox does. `message` says what is wrong and what to do.
 */
export class SignalboxError extends Error {
  override name = 'SignalboxError';
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly issues: readonly SentIssue[];
  readonly allowed: readonly string[];

  constructor(code: string, message: string, details: SignalboxErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.issues = details.issues ?? [];
    this.allowed = details.allowed ?? [];
  }
}

/** An error of GraphQL as it is sent. */
export interface SentError {
  message: string;
  extensions?: { readonly [key: string]: unknown };
}

export function errorOf(sent: readonly SentError[], details: SignalboxErrorDetails = {}): SignalboxError {
  const [first] = sent;
  const code = typeof first?.extensions?.code === 'string' ? first.extensions.code : 'BAD_ANSWER';
  const message = sent.map((error) => error.message).join('\n');
  return new SignalboxError(code, message || 'The server answered with an error that says nothing.', details);
}

interface Refusal {
  message: string;
  code: string;
  issues?: readonly SentIssue[];
  allowed?: readonly string[];
}

/** What a result union holds when it was accepted; throws what it holds otherwise. Select `message` and `code` of `Error`. */
export function accepted<Result extends object>(result: Result): Exclude<Result, Refusal> {
  if (isAccepted(result)) return result;
  const refusal: Partial<Refusal> = result;
  throw new SignalboxError(String(refusal.code), String(refusal.message), refusal);
}

function isAccepted<Result extends object>(result: Result): result is Exclude<Result, Refusal> {
  return !('message' in result && 'code' in result);
}
