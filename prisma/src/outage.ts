/** SQLSTATE classes and codes that say: the statement is fine, the server is not there, not ready, full or not the primary. */
const OUTAGE_STATES = /^(08|53|57P|58)|^(25006|40001|40P01|55P03|XX000)$/;
const OUTAGE_MESSAGES = /connection|timeout|not queryable|pool/i;

/** Whether the database gave a statement up because it took longer than it may. */
export function isOverLimit(error: unknown): boolean {
  return error instanceof Error && /canceling statement due to statement timeout/.test(error.message);
}

/**
 * Whether a statement failed because of the database's state and not because of what it says, so that the same statement
 * may work later. Whether it took effect is then not known.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Errors of files are no business of the database's; those of connections name an address instead.
  if ('syscall' in error || 'errno' in error) return !('path' in error);
  if ('severity' in error && 'code' in error) return OUTAGE_STATES.test(String(error.code));
  return OUTAGE_MESSAGES.test(error.message);
}

/**
 * The same for whoever can wait for long: a statement that was cancelled, by hand or by a limit of the server's, may work later
 * as well.
 */
export function isPassing(error: unknown): boolean {
  return isOutage(error) || (error instanceof Error && 'code' in error && error.code === '57014');
}
