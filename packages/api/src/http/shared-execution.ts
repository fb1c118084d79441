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
  type OperationDefinitionNode,
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
  const resume = resumeVariable(operation, document);
  const variables = Object.entries(rawVariableValues ?? {}).filter(([name]) => name !== resume);
  return JSON.stringify([numberOf(document), operation.name?.value, tenantId, [...rights], variables]);
}

/** The variable that is only used as `after` of the subscription: where one resumed says nothing about the result of an event. */
function resumeVariable(operation: OperationDefinitionNode, document: DocumentNode): string | undefined {
  const [field] = operation.selectionSet.selections;
  const after = field?.kind === Kind.FIELD && field.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (!after || after.kind !== Kind.VARIABLE) return undefined;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === after.name.value) uses += 1;
    },
  });
  return uses === 1 ? after.name.value : undefined;
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
