import type { Issue } from '@signalbox/core/issues';
import type { JobAction } from '@signalbox/core/statuses';

/** Expected failures of a move. The API maps each class to the union member of the same name. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** The job is in a state that does not allow the move; `allowed` says what it does allow. */
export class ConflictError extends Error {
  override name = 'ConflictError';
  readonly allowed: JobAction[];

  constructor(message: string, allowed: JobAction[] = []) {
    super(message);
    this.allowed = allowed;
  }
}

export class InvalidInputError extends Error {
  override name = 'InvalidInputError';
  readonly issues: Issue[];

  constructor(message: string, issues: Issue[]) {
    super(message);
    this.issues = issues;
  }
}

/** A filter that asks for more than is looked for. Found before anything is asked of the database. */
export class FilterError extends Error {
  override name = 'FilterError';
}

/** The database is newer than this program, or its migrations were edited after they ran. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}
