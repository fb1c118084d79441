import path from 'node:path';
import { contentType } from 'mime-types';

const LONGEST_NAME = 200;
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w."-]+)*$/;

/** A file name without folders and without signs that do harm in one; never empty. */
export function artifactName(given: string): string {
  const name = given
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f/\\]/g, '_')
    .trim()
    .slice(0, LONGEST_NAME);
  return name === '' || /^\.+$/.test(name) ? 'artifact' : name;
}

/** The content type as given when it is one, else by the ending of the name, else by the kind of content. */
export function artifactContentType(given: string | undefined, name: string, isText: boolean): string {
  if (given !== undefined && given.length <= LONGEST_NAME && CONTENT_TYPE.test(given)) return given;
  const byName = contentType(path.extname(name));
  if (byName !== false) return byName;
  return isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}
