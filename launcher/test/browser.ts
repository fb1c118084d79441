import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import bundledChromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

/** A Chromium that starts on this machine, for Playwright's launch(). */
export interface Browser {
  executablePath: string;
  args: string[];
}

const SYSTEM_BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** No sandbox, since tests may run as root; and no calls home. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];
const START_TIMEOUT_MS = 30_000;

/**
 * The system's Chromium where there is one that starts, else the one from the packages.
 * @throws Error that says what to install
 */
export async function findBrowser(): Promise<Browser> {
  for (const name of SYSTEM_BROWSERS) {
    const executablePath = await locate(name);
    if (executablePath && (await starts(executablePath, ARGS))) return { executablePath, args: ARGS };
  }
  const bundled =
    process.platform === 'linux' ? await bundledChromium.executablePath().catch(() => undefined) : undefined;
  if (bundled && (await starts(bundled, bundledChromium.args)))
    return { executablePath: bundled, args: bundledChromium.args };
  throw new Error('No Chromium starts on this machine. Install one (on Debian: apt-get install chromium).');
}

async function locate(name: string): Promise<string | undefined> {
  if (name.startsWith('/')) return name;
  const found = await promisify(execFile)('sh', ['-c', 'command -v "$1"', 'sh', name]).catch(() => undefined);
  return found?.stdout.trim();
}

async function starts(executablePath: string, args: string[]): Promise<boolean> {
  try {
    const browser = await playwright.launch({ executablePath, args, timeout: START_TIMEOUT_MS });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) console.log((await findBrowser()).executablePath);
