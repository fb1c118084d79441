/** The API process: GraphQL over HTTP, SSE and WebSocket on one port, and the web app. */
import { readSettings, SettingsError } from '@signalbox/core/settings';
import { StartError } from './start-error.ts';

try {
  const settings = readSettings(process.env);
  // The rest takes its time to load, and a bad setting should not wait for it.
  const { runApi } = await import('./run-api.ts');
  await runApi(settings);
} catch (error) {
  const expected = error instanceof StartError || error instanceof SettingsError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = error instanceof StartError ? error.exitCode : error instanceof SettingsError ? 78 : 1;
}
// The channel to whoever started us would keep the process.
if (process.connected) process.disconnect();
