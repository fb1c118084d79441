/** The settings that say who may use the service, and how much. */
import { z } from 'zod';

/** `off`: whoever reaches the service may do everything. `token`: API tokens. `oidc`: the same, and an OpenID provider. */
export const AUTH_MODES = ['off', 'token', 'oidc'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** `any`: whatever the schema and the limits allow. `persisted`: only what is in the lists of the app and of the client. */
export const OPERATION_MODES = ['any', 'persisted'] as const;

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret?: string;
  /** On the button: "Sign in with NAME". */
  name: string;
  /** What is asked of the provider. */
  scope: string;
  /** The claim that holds a tenant's slug; everybody belongs to the default tenant without one. */
  tenantClaim?: string;
  /** The claim that holds roles or groups. */
  roleClaim: string;
  /** What its values allow here. */
  roles: ReadonlyMap<string, Role>;
  /** For those who have none of these values; they are refused without one. */
  defaultRole?: Role;
}

export interface AuthSettings {
  mode: AuthMode;
  oidc?: OidcSettings;
  /** How long a session of the web app lasts at most. */
  sessionHours: number;
  /** The address that browsers use, such as https://signalbox.example: behind a proxy nobody else knows it. */
  publicUrl?: string;
  /** How many proxies in front add to X-Forwarded-For. */
  trustedProxies: number;
  /** Operations that one token or session may ask for in a minute; 0 for any number. */
  requestsPerMinute: number;
  introspection: boolean;
  graphiql: boolean;
  /** Which operations are executed. */
  operations: (typeof OPERATION_MODES)[number];
}

const OIDC = 'SIGNALBOX_OIDC_';

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** What a provider says is believed, so nobody may change it on the way. */
function isIssuer(value: string): boolean {
  if (!isHttpUrl(value)) return false;
  const { hostname, protocol } = new URL(value);
  return protocol === 'https:' || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const text = z.string();
const whole = (least: number, most: number) =>
  z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);
const choice = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` });
const onOff = choice(['on', 'off']).transform((value) => value === 'on');

/** `value=role` pairs. */
const roles = z.string().transform((value, { addIssue }) => {
  const pairs = value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const found = new Map<string, Role>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const role = ROLES.find((known) => known === pair.slice(at + 1).trim());
    if (at < 1 || !role) {
      addIssue({
        code: 'custom',
        message:
          'must be a comma-separated list such as ops=operate,platform=admin, with read, operate or admin behind each =',
      });
      return z.NEVER;
    }
    found.set(pair.slice(0, at).trim(), role);
  }
  return found;
});

export const authEntries = {
  SIGNALBOX_AUTH: choice(AUTH_MODES).optional(),
  SIGNALBOX_OIDC_ISSUER: text
    .refine(isIssuer, { error: 'must be a URL such as https://accounts.example; http is for loopback addresses only' })
    .optional(),
  SIGNALBOX_OIDC_CLIENT_ID: text.optional(),
  SIGNALBOX_OIDC_CLIENT_SECRET: text.optional(),
  SIGNALBOX_OIDC_NAME: text
    .refine((value) => value.length <= 40, { error: 'must be a name of at most 40 signs' })
    .default('single sign-on'),
  SIGNALBOX_OIDC_SCOPE: text
    .refine((value) => value.split(/\s+/).includes('openid'), {
      error: 'must hold openid, such as "openid profile email"',
    })
    .default('openid profile email'),
  SIGNALBOX_OIDC_TENANT_CLAIM: text.optional(),
  SIGNALBOX_OIDC_ROLE_CLAIM: text.default('groups'),
  SIGNALBOX_OIDC_ROLES: roles.default(new Map()),
  SIGNALBOX_OIDC_DEFAULT_ROLE: choice(ROLES).optional(),
  SIGNALBOX_SESSION_HOURS: whole(1, 8_760).default(12),
  SIGNALBOX_PUBLIC_URL: text
    .refine((value) => isHttpUrl(value) && new URL(value).origin === value.replace(/\/$/, ''), {
      error: 'must be an address without a path, such as https://signalbox.example',
    })
    .transform((value) => new URL(value).origin)
    .optional(),
  SIGNALBOX_TRUSTED_PROXIES: whole(0, 10).default(0),
  SIGNALBOX_REQUESTS_PER_MINUTE: whole(0, 1_000_000).default(6_000),
  SIGNALBOX_INTROSPECTION: onOff.default(true),
  SIGNALBOX_GRAPHIQL: onOff.default(true),
  SIGNALBOX_OPERATIONS: choice(OPERATION_MODES).default('any'),
};

type AuthValues = z.output<z.ZodObject<typeof authEntries>>;

/** What the values say together, and each thing that they cannot mean. */
export function readAuthSettings(values: AuthValues): { settings: AuthSettings; problems: string[] } {
  const issuer = values.SIGNALBOX_OIDC_ISSUER;
  const mode = values.SIGNALBOX_AUTH ?? (issuer === undefined ? 'off' : 'oidc');
  const problems: string[] = [];
  if (mode === 'oidc') {
    for (const name of ['ISSUER', 'CLIENT_ID'] as const) {
      if (values[`${OIDC}${name}`] === undefined) problems.push(`${OIDC}${name}: is needed with SIGNALBOX_AUTH=oidc`);
    }
    if (values.SIGNALBOX_OIDC_ROLES.size === 0 && values.SIGNALBOX_OIDC_DEFAULT_ROLE === undefined) {
      problems.push(
        `${OIDC}ROLES: nobody could sign in without it or ${OIDC}DEFAULT_ROLE. Set it to the groups that may read, operate and administrate, such as everybody=read,platform=admin`,
      );
    }
  } else if (issuer !== undefined) {
    problems.push(
      `${OIDC}ISSUER: has no meaning with SIGNALBOX_AUTH=${mode}. Set SIGNALBOX_AUTH to oidc, or leave the issuer out`,
    );
  }
  return {
    problems,
    settings: {
      mode,
      ...(mode === 'oidc' && { oidc: oidcOf(values) }),
      sessionHours: values.SIGNALBOX_SESSION_HOURS,
      ...(values.SIGNALBOX_PUBLIC_URL !== undefined && { publicUrl: values.SIGNALBOX_PUBLIC_URL }),
      trustedProxies: values.SIGNALBOX_TRUSTED_PROXIES,
      requestsPerMinute: values.SIGNALBOX_REQUESTS_PER_MINUTE,
      introspection: values.SIGNALBOX_INTROSPECTION,
      graphiql: values.SIGNALBOX_GRAPHIQL,
      operations: values.SIGNALBOX_OPERATIONS,
    },
  };
}

function oidcOf(values: AuthValues): OidcSettings {
  return {
    issuer: values.SIGNALBOX_OIDC_ISSUER ?? '',
    clientId: values.SIGNALBOX_OIDC_CLIENT_ID ?? '',
    clientSecret: values.SIGNALBOX_OIDC_CLIENT_SECRET,
    name: values.SIGNALBOX_OIDC_NAME,
    scope: values.SIGNALBOX_OIDC_SCOPE,
    tenantClaim: values.SIGNALBOX_OIDC_TENANT_CLAIM,
    roleClaim: values.SIGNALBOX_OIDC_ROLE_CLAIM,
    roles: values.SIGNALBOX_OIDC_ROLES,
    defaultRole: values.SIGNALBOX_OIDC_DEFAULT_ROLE,
  };
}
