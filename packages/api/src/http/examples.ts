/** One example for each field of the roots: files that people read, GraphiQL opens and the tests run. */
import { readdir, readFile } from 'node:fs/promises';
import { getOperationAST, parse } from 'graphql';

const FOLDER = new URL('../../examples/', import.meta.url);

export interface Example {
  /** The field of the root that it is for. */
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  /** What it does, in a sentence or two. */
  title: string;
  /** The operation with its title as a comment. */
  query: string;
  /** JSON of its variables; an id that has to be filled in says of what it is. */
  variables?: string;
}

/** The first line says what it does; an object in the comment below are its variables. */
export function exampleOf(name: string, text: string): Example {
  const lines = text.split('\n');
  const comment = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(2));
  const operation = lines.filter((line) => !line.startsWith('#')).join('\n');
  const [title = '', , ...variables] = comment;
  const kind = getOperationAST(parse(operation))?.operation ?? 'query';
  return {
    name,
    kind,
    title,
    query: `# ${title}\n${operation}`,
    ...(variables.length > 0 && { variables: variables.join('\n') }),
  };
}

export async function readExamples(): Promise<Example[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.graphql')).toSorted();
  return Promise.all(
    files.map(async (file) => exampleOf(file.replace('.graphql', ''), await readFile(new URL(file, FOLDER), 'utf8'))),
  );
}
