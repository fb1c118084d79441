import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  parse,
  parseValue,
  print,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Example, readExamples } from '../src/http/examples.ts';
import { schema } from '../src/schema.ts';
import { createExampleScene, type ExampleScene } from './example-scene.ts';
import { sampleOf } from './sample-values.ts';

const examples = await readExamples();

let scene: ExampleScene;
beforeAll(async () => {
  scene = await createExampleScene(examples);
});
afterAll(() => scene.api.close());

const NUL = '\u0000';
const HALF_A_CHARACTER = '\ud800';
const deep = JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`) as object;
const TEXTS = ['', ' ', NUL, HALF_A_CHARACTER, `a${NUL}b`, "'%_\\", '*'.repeat(20_000), '${{', '-1', '9'.repeat(40)];
const JSON_VALUES = [{ a: NUL }, { [HALF_A_CHARACTER]: 1 }, { '': {} }, deep, [], 'a', 1e308, null];
/** What people and programs send by mistake or in malice, by the scalar that it is sent for. */
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, -1, 2_147_483_647, -2_147_483_648],
  Float: [0, -1, 1e308, 5e-324],
  BigInt: ['-1', '9223372036854775807', '9'.repeat(40)],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z'],
  JSON: JSON_VALUES,
  JSONObject: JSON_VALUES,
};

interface Place {
  path: (string | number)[];
  scalar: string;
}

/** Every scalar that a value of the type may hold, at most so many objects deep. */
function places(type: GraphQLInputType, path: Place['path'], depth = 4): Place[] {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return places(nullable.ofType, [...path, 0], depth);
  if (isInputObjectType(nullable)) {
    if (depth === 0) return [];
    return Object.values(nullable.getFields()).flatMap((field) => places(field.type, [...path, field.name], depth - 1));
  }
  return isScalarType(nullable) && nullable.name !== 'Boolean' ? [{ path, scalar: nullable.name }] : [];
}

/** The value with another one at the place. What else is required there is filled in. */
function withValue(type: GraphQLInputType, value: unknown, [step, ...path]: Place['path'], bad: unknown): unknown {
  if (step === undefined) return bad;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [withValue(nullable.ofType, Array.isArray(value) ? value[0] : undefined, path, bad)];
  if (!isInputObjectType(nullable)) throw new Error(`${nullable.name} has no ${step}`);
  const fields = nullable.getFields();
  const given: Record<string, unknown> = nullable.isOneOf ? {} : { ...Object(value) };
  for (const field of Object.values(fields))
    if (isNonNullType(field.type) && field.defaultValue === undefined)
      given[field.name] ??= valueFromASTUntyped(parseValue(sampleOf(field.type)));
  const field = fields[step];
  return field && { ...given, [step]: withValue(field.type, given[step], path, bad) };
}

function argumentsOf({ kind, name }: Example): readonly GraphQLArgument[] {
  const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: undefined }[kind];
  return root?.getFields()[name]?.args ?? [];
}

/** The operation of an example with a variable for each argument of its field. */
function withAllArguments(example: Example): string {
  const args = argumentsOf(example);
  const definitions = args.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const operation = parse(example.query).definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const [field] = operation?.selectionSet.selections ?? [];
  const selected = field?.kind === Kind.FIELD && field.selectionSet;
  // What is selected further down has variables of its own, which are not what is tried here.
  const selections = selected ? print(visit(selected, { Argument: () => null })) : '';
  return `${example.kind}(${definitions}) { ${example.name}(${passed}) ${selections} }`;
}

const tried = examples.filter((example) => argumentsOf(example).length > 0);

test.each(tried)('$name takes no value that makes an unexpected error', async (example) => {
  const query = withAllArguments(example);
  for (const arg of argumentsOf(example))
    for (const { path, scalar } of places(arg.type, []))
      for (const bad of BAD[scalar] ?? TEXTS) {
        const given = await scene.variablesOf(example);
        const variables = { ...given, [arg.name]: withValue(arg.type, given[arg.name], path, bad) };
        const { errors = [] } = await scene.api.query(query, variables);
        const codes = errors.map(({ extensions }) => extensions.code);
        expect(codes, `${query} ${JSON.stringify(variables).slice(0, 1_000)}`).not.toContain('INTERNAL_ERROR');
      }
});

test('a webhook is told of workflows by their slugs', async () => {
  const { data } = await scene.api.query(
    `mutation { saveWebhook(url: "https://example.com/", workflows: ["good-one", "Not one", ""]) {
      ... on InvalidInput { issues { path message } } } }`,
  );
  const message = 'It must be the slug of a workflow: small letters, digits and single hyphens between them.';
  expect(data).toEqual({
    saveWebhook: {
      issues: [
        { path: '/workflows/1', message },
        { path: '/workflows/2', message },
      ],
    },
  });
});
