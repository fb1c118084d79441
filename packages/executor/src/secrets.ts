import type { Settings } from '@signalbox/core/settings';
import { StepFailure } from '@signalbox/plugin-sdk';

/** Settings that step types ask for like secrets. An address is none, so it need not be hidden. */
const SETTINGS: Record<string, (settings: Settings) => string | undefined> = {
  OPENAI_API_KEY: (settings) => settings.openaiApiKey,
  ANTHROPIC_API_KEY: (settings) => settings.anthropicApiKey,
};
const ADDRESSES: Record<string, (settings: Settings) => string | undefined> = {
  OPENAI_BASE_URL: (settings) => settings.openaiBaseUrl,
};

export interface SecretValue {
  value: string;
  /** Whether it must not be seen in what the step writes. */
  hidden: boolean;
}

/** Throws a CONFIGURATION failure that names the variable to set. */
export function readSecret(settings: Settings, name: string): SecretValue {
  const address = ADDRESSES[name]?.(settings);
  if (address !== undefined) return { value: address, hidden: false };
  const value =
    SETTINGS[name]?.(settings) ?? (Object.hasOwn(settings.secrets, name) ? settings.secrets[name] : undefined);
  if (value !== undefined) return { value, hidden: true };
  const variable = name in SETTINGS || name in ADDRESSES ? name : `SIGNALBOX_SECRET_${name}`;
  throw new StepFailure(`The secret ${name} is not set. Set ${variable} where the executor runs.`, {
    category: 'CONFIGURATION',
  });
}
