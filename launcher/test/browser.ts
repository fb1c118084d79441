import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  const bundled = process.platform === 'linux' ? await unpack().catch(() => undefined) : undefined;
  if (bundled && (await starts(bundled, bundledChromium.args)))
    return { executablePath: bundled, args: bundledChromium.args };
  throw new Error('No Chromium starts on this machine. Install one (on Debian: apt-get install chromium).');
}

/**
 * Unpacks the browser from the packages, once for all who need it. The package itself would write it where others take
 * it from at once, however little of it is there: so it writes into a folder of its own, which is then moved.
 */
async function unpack(): Promise<string> {
  const packed = import.meta.resolve('@sparticuz/chromium');
  const folder = path.join(
    tmpdir(),
    `signalbox-chromium-${createHash('sha256').update(packed).digest('hex').slice(0, 12)}`,
  );
  if (!existsSync(folder)) {
    const own = await mkdtemp(`${folder}-`);
    const program = 'const { default: chromium } = await import(process.argv[1]); await chromium.executablePath();';
    try {
      const env = { ...process.env, TMPDIR: own };
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program, packed], { env });
      // Where another process was quicker, its folder is there and as good.
      await rename(own, folder).catch((error) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }
  return path.join(folder, 'chromium');
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
