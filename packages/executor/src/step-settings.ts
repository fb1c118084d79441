import type { Settings } from '@signalbox/core/settings';

/** Settings that built-in step types read by the names of their variables. None of them is a secret. */
const READABLE = new Map<string, (settings: Settings) => string | undefined>([
  ['SIGNALBOX_HTTP_ALLOW', ({ httpAllow }) => httpAllow.join(',')],
]);

export function readSetting(settings: Settings, name: string): string | undefined {
  return READABLE.get(name)?.(settings);
}
