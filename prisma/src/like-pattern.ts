/** The text with LIKE's own signs escaped, so that it matches only itself. The escape character is PostgreSQL's default. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
