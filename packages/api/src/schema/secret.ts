import type { Issue } from '@signalbox/core/issues';
import { SECRET_NAME_MAX_LENGTH, SECRET_NAME_PATTERN } from '@signalbox/core/names';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { deleteSecret, listSecrets, type SecretRow, storeSecret } from '@signalbox/db/secrets';
import { Kind } from 'graphql';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import { invalid } from '../job-request.ts';

const LONGEST_DESCRIPTION = 500;
const MOST_VALUE_BYTES = 64 * 1024;

// GraphQL repeats a value that a scalar refuses in its message, so this one takes anything and the resolver refuses it.
builder.scalarType('SecretText', {
  description:
    'The value of a secret, as a String. It is taken in only: no answer, error or log ever holds it. Pass it as a variable, so that it stands in no document.',
  serialize: () => {
    throw new Error('The value of a secret cannot be given out.');
  },
  parseValue: (value) => (typeof value === 'string' ? { text: value } : {}),
  parseLiteral: (node) => (node.kind === Kind.STRING ? { text: node.value } : {}),
});

const Secret = builder.objectRef<SecretRow>('Secret').implement({
  description:
    'A value that workflows use as `secrets.NAME` and step types by its name. It is stored locked, opened by executors only, masked in all that steps write, and never given out.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name: letters, digits and _, not beginning with a digit.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for; null when nobody said.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was set for the first time.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was set for the last time.' }),
    usedBy: t.exposeStringList('usedBy', {
      description: 'Slugs of the workflows whose newest version names it as `secrets.NAME`.',
    }),
  }),
});

builder.queryField('secrets', (t) =>
  t.field({
    type: [Secret],
    description:
      'The secrets in the database in the order of their names, never with a value. Executors may know more from their environment or a folder, and what they know so comes first.',
    complexity: 100,
    authScopes: { right: 'admin' },
    resolve: (_root, _args, { services, viewer }) => listSecrets(services.db, viewer.tenantId),
  }),
);

const SetSecretResult = builder.errorUnion('SetSecretResult', {
  description: 'The secret without its value, or why it was not stored.',
  types: [Secret, InvalidInputError, ForbiddenError, ConflictError],
  resolveType: () => 'Secret',
});

const nameArg = builder.args((t) => ({
  name: t.string({ required: true, description: 'Its name, such as TOKEN for secrets.TOKEN.' }),
}));

builder.mutationField('setSecret', (t) =>
  t.field({
    type: SetSecretResult,
    description:
      'Makes a secret or gives it another value, for every attempt that starts from then on. Conflict when this API has no key to lock it with.',
    args: {
      ...nameArg,
      value: t.arg({
        type: 'SecretText',
        required: true,
        description:
          'What it stands for, 1 byte to 64 KiB. One of fewer than 4 signs, or of hardly any different ones, cannot be masked.',
      }),
      description: t.arg.string({
        description: 'What it is for, at most 500 characters, null for nothing; as it was unless told.',
      }),
    },
    authScopes: { right: 'admin' },
    resolve: async (_root, { name, value, description }, { services, viewer }) => {
      const checked = checkedValue(name, value.text, description);
      const { tenantId } = viewer;
      return storeSecret(services.db, tenantId, name, lock(services, { tenantId, name }, checked), description);
    },
  }),
);

const DeletedSecret = builder.objectRef<{ name: string }>('DeletedSecret').implement({
  description: 'A secret that is gone.',
  fields: (t) => ({ name: t.exposeString('name', { description: 'The name it had.' }) }),
});

const DeleteSecretResult = builder.errorUnion('DeleteSecretResult', {
  description: 'The name of the deleted secret, or why it is still there.',
  types: [DeletedSecret, NotFoundError, ForbiddenError],
  resolveType: () => 'DeletedSecret',
});

builder.mutationField('deleteSecret', (t) =>
  t.field({
    type: DeleteSecretResult,
    description: 'Removes a secret from the database. Attempts that have started keep what they were given.',
    args: nameArg,
    authScopes: { right: 'admin' },
    resolve: async (_root, { name }, { services, viewer }) => {
      const known = SECRET_NAME_PATTERN.test(name) && (await deleteSecret(services.db, viewer.tenantId, name));
      if (!known)
        throw new NotFoundError(`There is no secret "${name.slice(0, SECRET_NAME_MAX_LENGTH)}" in the database.`);
      return { name };
    },
  }),
);

/** Throws InvalidInputError, which never repeats the value. */
function checkedValue(name: string, value: string | undefined, description: string | null | undefined): string {
  const issues: Issue[] = [];
  if (!SECRET_NAME_PATTERN.test(name) || name.length > SECRET_NAME_MAX_LENGTH) {
    const message = `The name of a secret is at most ${SECRET_NAME_MAX_LENGTH} letters, digits and _, and does not begin with a digit.`;
    issues.push({ path: '/name', message });
  }
  const bytes = Buffer.byteLength(value ?? '');
  if (value === undefined) issues.push({ path: '/value', message: 'The value of a secret is a text.' });
  else if (bytes < 1 || bytes > MOST_VALUE_BYTES)
    issues.push({
      path: '/value',
      message: `The value of a secret has 1 byte to 64 KiB, and this one has ${bytes} bytes.`,
    });
  if (description && description.length > LONGEST_DESCRIPTION) {
    const message = `A description has at most ${LONGEST_DESCRIPTION} characters, and this one has ${description.length}.`;
    issues.push({ path: '/description', message });
  }
  if (value === undefined || issues.length > 0) throw invalid('The secret cannot be stored', issues);
  return value;
}

function lock({ secretKeys }: ApiContext['services'], owner: { tenantId: string; name: string }, value: string) {
  if (secretKeys.currentId !== undefined) return secretKeys.lock(owner, value);
  throw new ConflictError(
    'This API has no key to lock secrets with. Set SIGNALBOX_SECRETS_KEY to the same 32 bytes in Base64 (openssl rand -base64 32) for the API and for every executor, and start them again.',
  );
}
