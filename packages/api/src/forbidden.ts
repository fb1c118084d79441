/** The viewer's rights do not reach that far. */
export class ForbiddenError extends Error {
  override name = 'ForbiddenError';
}
