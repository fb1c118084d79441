/**
 * `npm run token` and `npm run tenant`: the first API token cannot come from the API. They work over DATABASE_URL, or over the
 * embedded database of the Signalbox that runs in the data folder.
 */
import {
  ACCESS_SCOPES,
  type AccessScope,
  createApiToken,
  listApiTokens,
  revokeApiToken,
} from '@signalbox/db/api-tokens';
import { createTenant, findTenant, listTenants, TENANT_SLUG_PATTERN, type TenantRow } from '@signalbox/db/tenants';
import type pg from 'pg';
import { withCommandDatabase } from './command-database.ts';
import { runProgram } from './program.ts';
import { EX_USAGE, StartError } from './start-error.ts';

const HELP = {
  token: `npm run token -- create NAME [scope=read|operate|admin] [tenant=SLUG] [days=N]   (scope=read unless told)
npm run token -- list [tenant=SLUG]
npm run token -- revoke ID [tenant=SLUG]`,
  tenant: `npm run tenant -- create SLUG [NAME]
npm run tenant -- list`,
};
const MOST_LISTED = 1_000;
const BY = 'the command line';

type Database = { pool: pg.Pool };
type Noun = keyof typeof HELP;

interface Arguments {
  words: string[];
  options: Map<string, string>;
}

function usage(noun: Noun, problem: string): StartError {
  return new StartError(`${problem}\n\n${HELP[noun]}`, { exitCode: EX_USAGE });
}

function readArguments(noun: Noun, given: readonly string[], known: readonly string[]): Arguments {
  const words = given.filter((word) => !/^\w+=/.test(word));
  const options = new Map(
    given
      .filter((word) => /^\w+=/.test(word))
      .map((word): [string, string] => {
        const at = word.indexOf('=');
        return [word.slice(0, at), word.slice(at + 1)];
      }),
  );
  for (const name of options.keys()) if (!known.includes(name)) throw usage(noun, `There is no option "${name}".`);
  return { words, options };
}

async function tenantOf(database: Database, { options }: Arguments): Promise<TenantRow> {
  const slug = options.get('tenant') ?? 'default';
  const tenant = await findTenant(database, slug);
  if (!tenant) throw new StartError(`There is no tenant "${slug}". \`npm run tenant -- create ${slug}\` makes it.`);
  return tenant;
}

function expiryOf({ options }: Arguments): Date | undefined {
  const days = options.get('days');
  if (days === undefined) return undefined;
  if (!/^\d{1,5}$/.test(days) || Number(days) === 0)
    throw usage('token', `days must be a whole number, not "${days}".`);
  return new Date(Date.now() + Number(days) * 86_400_000);
}

function scopeOf({ options }: Arguments): AccessScope {
  const asked = (options.get('scope') ?? 'read').toUpperCase();
  const scope = ACCESS_SCOPES.find((known) => known === asked);
  if (!scope) throw usage('token', `scope must be read, operate or admin, not "${options.get('scope')}".`);
  return scope;
}

const actions: Record<Noun, Record<string, (database: Database, given: Arguments) => Promise<void>>> = {
  token: {
    async create(database, given) {
      const name = given.words.join(' ').trim();
      if (name.length < 1 || name.length > 100) throw usage('token', 'A token needs a name of at most 100 characters.');
      const [scope, expiresAt, { id: tenantId }] = [scopeOf(given), expiryOf(given), await tenantOf(database, given)];
      const { text } = await createApiToken(database, { tenantId, name, scope, expiresAt, createdBy: BY });
      // Alone on stdout, so that a script can take it.
      console.error(
        `Keep this token: it is shown only now. ${scope.toLowerCase()}, ${expiresAt ? `until ${expiresAt.toISOString()}` : 'without an end'}.`,
      );
      console.log(text);
    },
    async list(database, given) {
      const { id } = await tenantOf(database, given);
      for (const token of await listApiTokens(database, id, { limit: MOST_LISTED })) {
        const state = token.revokedAt
          ? 'revoked'
          : token.expiresAt && token.expiresAt < new Date()
            ? 'expired'
            : 'counts';
        const used = token.lastUsedAt ? `used ${token.lastUsedAt.toISOString()}` : 'never used';
        console.log([token.id, `${token.prefix}…`, token.scope.toLowerCase(), state, used, token.name].join('  '));
      }
    },
    async revoke(database, given) {
      const [tokenId = ''] = given.words;
      const { id } = await tenantOf(database, given);
      const token = await revokeApiToken(database, id, tokenId, BY);
      if (!token)
        throw new StartError(`There is no token with the id "${tokenId}". \`npm run token -- list\` shows them.`);
      console.log(`${token.prefix}… (${token.name}) counts no more.`);
    },
  },
  tenant: {
    async create(database, { words: [slug = '', ...name] }) {
      if (!TENANT_SLUG_PATTERN.test(slug)) throw usage('tenant', 'A slug has 1 to 63 small letters, digits and "-".');
      const tenant = await createTenant(database, slug, name.join(' ') || slug);
      if (!tenant) throw new StartError(`There is a tenant "${slug}" already.`);
      console.log(
        `Made the tenant ${slug}. \`npm run token -- create NAME scope=admin tenant=${slug}\` lets somebody in.`,
      );
    },
    async list(database) {
      for (const { name, slug } of await listTenants(database)) console.log(`${slug}  ${name}`);
    },
  },
};

async function main([noun, action = '', ...rest]: readonly string[]): Promise<void> {
  if (noun !== 'token' && noun !== 'tenant') throw new StartError('Say token or tenant.', { exitCode: EX_USAGE });
  const run = actions[noun][action];
  if (!run) throw usage(noun, action ? `There is no "${action}".` : 'What is to be done?');
  const given = readArguments(noun, rest, noun === 'token' ? ['scope', 'tenant', 'days'] : []);
  await withCommandDatabase((database) => run(database, given));
}

await runProgram(() => main(process.argv.slice(2)));
