import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { EX_CONFIG, StartError, systemErrorCode } from './start-error.ts';

const FILE_NAME = 'secrets.key';
const KEY = /^[\w+/-]{43}=?$/;

/**
 * The keys that lock the secrets in the embedded database, as SIGNALBOX_SECRETS_KEY takes them; made at the first start. One a
 * line: a new one in front of the others replaces them bit by bit. The caller holds the data folder.
 * @throws StartError when the file holds something else
 */
export async function secretsKeyOf(dataDir: string): Promise<string> {
  const file = path.join(path.resolve(dataDir), FILE_NAME);
  const content = (await readKeyFile(file)) ?? (await makeKeyFile(file));
  const keys = content.split(/\s+/).filter(Boolean);
  if (keys.length > 0 && keys.every((key) => KEY.test(key))) return keys.join(',');
  throw new StartError(
    `${file} must hold keys, one a line, each of them 32 bytes in Base64. Put it back as it was, or remove it: the secrets in the database then have to be set anew.`,
    { exitCode: EX_CONFIG },
  );
}

async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new StartError(
      `${file} cannot be read (${systemErrorCode(error)}), and the secrets in the database need it. Correct its rights.`,
      { exitCode: EX_CONFIG },
    );
  }
}

/** It is there whole or not at all: secrets that were locked with half a key would be lost. */
async function makeKeyFile(file: string): Promise<string> {
  const content = `${randomBytes(32).toString('base64')}\n`;
  const part = `${file}.${randomUUID()}`;
  const handle = await open(part, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(part, file);
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
  return content;
}
