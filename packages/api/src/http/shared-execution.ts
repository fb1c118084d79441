/**
 * Subscriptions with one execution per event and distinct operation: a thousand people who watch the same job with the same
 * query cost one execution and its reads, not a thousand.
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  Kind,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
  visit,
} from 'graphql';
import { type ApiContext, createContext } from '../context.ts';
import { Memo } from '../live/memo.ts';
import { whileAllowed } from '../live/while-allowed.ts';

/** Documents are cached by their text, so the object stands for the text. */
const documentNumbers = new WeakMap<DocumentNode, number>();
let lastNumber = 0;

function numberOf(document: DocumentNode): number {
  const number = documentNumbers.get(document) ?? ++lastNumber;
  documentNumbers.set(document, number);
  return number;
}

/** Two subscribers with the same key get the same result for an event. */
function operationKey({ document, operation, rawVariableValues, contextValue }: ValidatedSubscriptionArgs): string {
  const { tenantId, rights } = (contextValue as ApiContext).viewer;
  const resume = resumeVariable(document);
  const variables = Object.entries(rawVariableValues ?? {}).filter(([name]) => name !== resume);
  return JSON.stringify([numberOf(document), operation.name?.value, tenantId, [...rights], variables]);
}

/** The variable that is only used as `after`: where a subscriber resumed says nothing about the result of an event. */
function resumeVariable(document: DocumentNode): string | undefined {
  const uses = new Map<string, number>();
  let resume: string | undefined;
  visit(document, {
    VariableDefinition: () => false,
    Argument: ({ name, value }) => {
      if (name.value === 'after' && value.kind === Kind.VARIABLE) resume = value.name.value;
    },
    Variable: ({ name }) => {
      uses.set(name.value, (uses.get(name.value) ?? 0) + 1);
    },
  });
  return resume !== undefined && uses.get(resume) === 1 ? resume : undefined;
}

/** As graphql's own, for events that carry a memo. */
export async function subscribeShared(
  args: ExecutionArgs,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const validated = validateSubscriptionArgs(args);
  if (!('schema' in validated)) return { errors: validated };
  const stream = await createSourceEventStream(validated);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const key = operationKey(validated);
  const results = mapSourceToResponseEvent(validated, stream, (event) => {
    const source = event.rootValue as { memo?: unknown };
    const execute = () =>
      executeSubscriptionEvent({ ...event, contextValue: freshContext(event.contextValue as ApiContext) });
    return source.memo instanceof Memo ? source.memo.once(key, execute) : execute();
  });
  return whileAllowed(results, validated.contextValue as ApiContext);
}

/** Loaders remember what they read, which is right for one event only. */
function freshContext({ services, viewer, connection }: ApiContext): ApiContext {
  return createContext(services, viewer, connection);
}
