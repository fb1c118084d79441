import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { didYouMean } from '@signalbox/core/names';
import { readSettings, type Settings, SettingsError } from '@signalbox/core/settings';
import { parseDocument } from 'yaml';
import { EX_CONFIG, StartError, systemErrorCode } from './start-error.ts';

const DEFAULT_FILE = 'signalbox.config.yaml';
const SETTINGS_WITHOUT_PREFIX = [
  'PORT',
  'HOST',
  'DATABASE_URL',
  'REDIS_URL',
  'ANTHROPIC_BASE_URL',
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
];
/** Keys whose value is not a single one, and the settings that take them as JSON. */
const STRUCTURED_KEYS = new Map([['mcpServers', 'SIGNALBOX_MCP_SERVERS']]);

type Environment = Record<string, string | undefined>;

export interface Configuration {
  settings: Settings;
  /** The environment for API and executor: what the file says, overruled by what the environment says. */
  env: Environment;
}

/**
 * Reads the settings from the environment and from the optional configuration file (SIGNALBOX_CONFIG, else
 * signalbox.config.yaml where that exists).
 * @throws StartError with one line per problem
 */
export async function readConfiguration(env: Environment): Promise<Configuration> {
  const file = path.resolve(env.SIGNALBOX_CONFIG || DEFAULT_FILE);
  const source = await readSource(file, Boolean(env.SIGNALBOX_CONFIG));
  const merged: Environment = {
    HOSTNAME: hostname(),
    ...(source === undefined ? {} : parseConfigurationFile(source, file)),
    ...env,
  };
  if (source !== undefined) merged.SIGNALBOX_CONFIG = file;
  try {
    return { settings: readSettings(merged), env: merged };
  } catch (error) {
    if (error instanceof SettingsError) throw new StartError(error.message, { exitCode: EX_CONFIG });
    throw error;
  }
}

/** The settings in a configuration file, as environment variables. Lists become comma-separated. */
export function parseConfigurationFile(source: string, file: string): Record<string, string> {
  const refuse = (problem: string) => new StartError(`${file}: ${problem}`, { exitCode: EX_CONFIG });
  const document = parseDocument(source, { prettyErrors: true });
  const [syntaxError] = document.errors;
  if (syntaxError) throw refuse(`not valid YAML: ${syntaxError.message.split('\n')[0]}`);
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw refuse('must hold settings, one `NAME: value` a line');
  }
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(content)) {
    if (value === null) continue;
    const structured = STRUCTURED_KEYS.get(name);
    if (structured !== undefined) {
      settings[structured] = JSON.stringify(value);
      continue;
    }
    if (name === 'SIGNALBOX_CONFIG')
      throw refuse('SIGNALBOX_CONFIG names this file, so it can only be set in the environment');
    if (!name.startsWith('SIGNALBOX_') && !SETTINGS_WITHOUT_PREFIX.includes(name)) {
      throw refuse(
        `"${name}" is not a setting.${didYouMean(name, [...SETTINGS_WITHOUT_PREFIX, ...STRUCTURED_KEYS.keys()])}`,
      );
    }
    const text = textOf(value);
    if (text === undefined) throw refuse(`${name} must be a single value, or a list of single values`);
    settings[name] = text;
  }
  return settings;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(textOf);
  return parts.includes(undefined) ? undefined : parts.join(',');
}

async function readSource(file: string, isAskedFor: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' && !isAskedFor) return undefined;
    throw new StartError(
      `SIGNALBOX_CONFIG: ${file} cannot be read (${code}). Set it to a file that can, or leave it out.`,
      {
        exitCode: EX_CONFIG,
      },
    );
  }
}
