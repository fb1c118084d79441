import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StartError } from '../start-error.ts';

const run = promisify(execFile);

/**
 * As whom PostgreSQL runs. It refuses to be root, so root hands it to another user; an ordinary user runs it as itself.
 */
export interface Account {
  /** Absent for the user we already are. */
  user?: { uid: number; gid: number };
  /** Put in front of every command; used where the user cannot reach our folders by its own rights. */
  prefix: readonly string[];
}

/** A command and its options as that account. Linux and macOS drop all groups of ours on the way. */
export function asAccount<Options>(account: Account, command: string, args: readonly string[], options: Options) {
  const [first, ...rest] = [...account.prefix, command, ...args];
  const user = account.prefix.length > 0 ? undefined : account.user;
  return { command: first ?? command, args: rest, options: { ...options, ...user } };
}

/**
 * Chooses the account for a cluster folder.
 * @param program one of PostgreSQL's programs, which the account must be able to run
 * @param folder an existing folder that the account must be able to enter
 * @param owner whoever owns the cluster already, undefined for a new one
 */
export async function chooseAccount(program: string, folder: string, owner: number | undefined): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const user = owner ? { uid: owner, gid: await groupOf(owner) } : await findServiceUser();
  const plain: Account = { user, prefix: [] };
  if (await canReach(plain, program, folder)) return plain;
  for (const capability of ['dac_read_search', 'dac_override']) {
    const account = { user, prefix: withCapability(user, capability) };
    if (await canReach(account, program, folder)) return account;
  }
  throw new StartError(
    `PostgreSQL may not run as root, and the user it would run as (number ${user.uid}) cannot reach ${folder} or ${program}. Move this folder out of root's home, start as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Gives a folder to the account, where it is not ours alone. */
export async function handOver(account: Account, path: string): Promise<void> {
  if (account.user) await chown(path, account.user.uid, account.user.gid);
}

/** The user number that owns the folder; undefined when there is none. */
export async function ownerOf(folder: string): Promise<number | undefined> {
  return (await stat(folder).catch(() => undefined))?.uid;
}

/**
 * Root's home and temporary folders are closed to others. Instead of opening them, PostgreSQL gets the one capability
 * that lets it pass (root's own right, less everything else), and stays the unprivileged user that it insists on.
 */
function withCapability({ uid, gid }: { uid: number; gid: number }, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    // Without this access(2), which PostgreSQL asks about its own programs, forgets the capability.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=-all,+${capability}`,
    `--ambient-caps=-all,+${capability}`,
    `--bounding-set=-all,+${capability}`,
    '--',
  ];
}

async function canReach(account: Account, program: string, folder: string): Promise<boolean> {
  const { command, args, options } = asAccount(account, 'sh', ['-c', '"$1" -V && cd "$2"', 'sh', program, folder], {
    cwd: '/',
  });
  try {
    await run(command, args, options);
    return true;
  } catch {
    return false;
  }
}

async function findServiceUser(): Promise<{ uid: number; gid: number }> {
  const postgres = await idOf('postgres');
  if (postgres) return postgres;
  const newUser = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
  await run('useradd', newUser, { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } }).catch(() => undefined);
  const found = (await idOf('postgres')) ?? (await idOf('nobody'));
  if (found) return found;
  throw new StartError(
    'PostgreSQL may not run as root, and no user "postgres" exists or could be made. Start Signalbox as an ordinary user, or set DATABASE_URL.',
  );
}

async function idOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function groupOf(uid: number): Promise<number> {
  const { stdout } = await run('id', ['-g', String(uid)]).catch(() => ({ stdout: String(uid) }));
  return Number(stdout);
}
