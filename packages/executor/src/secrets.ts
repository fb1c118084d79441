import type { Settings } from '@signalbox/core/settings';
import { StepFailure } from '@signalbox/plugin-sdk';

/** Settings that step types ask for like secrets, and whether they are to be hidden: an address is no secret. */
const SETTINGS = new Map<string, { hidden: boolean; read: (settings: Settings) => string | undefined }>([
  ['OPENAI_API_KEY', { hidden: true, read: ({ openaiApiKey }) => openaiApiKey }],
  ['ANTHROPIC_API_KEY', { hidden: true, read: ({ anthropicApiKey }) => anthropicApiKey }],
  ['SIGNALBOX_SMTP_URL', { hidden: true, read: ({ smtpUrl }) => smtpUrl }],
  ['ANTHROPIC_BASE_URL', { hidden: false, read: ({ anthropicBaseUrl }) => anthropicBaseUrl }],
  ['OPENAI_BASE_URL', { hidden: false, read: ({ openaiBaseUrl }) => openaiBaseUrl }],
]);

export interface SecretValue {
  value: string;
  /** Whether it must not be seen in what the step writes. */
  hidden: boolean;
}

/** Throws a CONFIGURATION failure that names the variable to set. */
export function readSecret(settings: Settings, name: string): SecretValue {
  const setting = SETTINGS.get(name);
  const own = Object.hasOwn(settings.secrets, name) ? settings.secrets[name] : undefined;
  const value = setting?.read(settings) ?? own;
  if (value !== undefined) return { value, hidden: setting?.hidden ?? true };
  const variable = setting ? name : `SIGNALBOX_SECRET_${name}`;
  throw new StepFailure(`The secret ${name} is not set. Set ${variable} where the executor runs.`, {
    category: 'CONFIGURATION',
  });
}
