/** What a change of the schema would break for clients of the last release. */
import {
  type ASTNode,
  BreakingChangeType,
  buildASTSchema,
  buildSchema,
  findSchemaChanges,
  GraphQLDeprecatedDirective,
  getDirectiveValues,
  Kind,
  parse,
  visit,
} from 'graphql';

const BREAKING: ReadonlySet<string> = new Set(Object.values(BreakingChangeType));
const DATE = /\b(\d{4}-\d{2}-\d{2})\b/;

/**
 * Breaking changes from the released schema to the present one, one line each. What the release announced as deprecated until a
 * date may go once that date has come.
 */
export function breakingChanges(released: string, present: string, today: string): string[] {
  const expired = { enter: (node: ASTNode) => ((removalDateOf(node) ?? '9999') <= today ? null : undefined) };
  const stillPromised = visit(parse(released), expired);
  return findSchemaChanges(buildASTSchema(stillPromised), buildSchema(present))
    .filter(({ description, type }) => BREAKING.has(type) && !description.startsWith('Standard scalar '))
    .map(({ description }) => description);
}

/** Deprecated fields, arguments and values whose reason does not say from which date on they may be gone. */
export function undatedDeprecations(present: string): string[] {
  const undated: string[] = [];
  visit(parse(present), {
    enter(node, _key, _parent, _path, ancestors) {
      const reason = deprecationOf(node);
      if (reason === undefined || DATE.test(reason)) return;
      const named = [...ancestors, node].filter((one) => 'name' in one && one.name?.kind === Kind.NAME);
      undated.push(named.map((one) => ('name' in one && one.name?.kind === Kind.NAME ? one.name.value : '')).join('.'));
    },
  });
  return undated;
}

function removalDateOf(node: ASTNode): string | undefined {
  return DATE.exec(deprecationOf(node) ?? '')?.[1];
}

function deprecationOf(node: ASTNode): string | undefined {
  if (
    node.kind !== Kind.FIELD_DEFINITION &&
    node.kind !== Kind.ENUM_VALUE_DEFINITION &&
    node.kind !== Kind.INPUT_VALUE_DEFINITION
  )
    return undefined;
  const values = getDirectiveValues(GraphQLDeprecatedDirective, node);
  return values && String(values.reason);
}
