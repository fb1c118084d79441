/** Reads YAML (and so JSON) into plain values that know where they stand in the text. */

import type { Document, YAMLError } from 'yaml';
import { isMap, isScalar, parseDocument } from 'yaml';
import type { Issue, Path, Position } from './issues.ts';
import { IssueList } from './issues.ts';
import type { JsonObject } from './json.ts';
import { shorten } from './names.ts';
import { writtenOffset } from './source-positions.ts';
import { DEEPEST_VALUE, startOf, YamlValues } from './yaml-values.ts';

export const SOURCE_MAX_BYTES = 256 * 1024;

export interface WorkflowSource {
  value: JsonObject;
  /** Where a value stands, or its key; the nearest surrounding value when there is none at the path. */
  position(path: Path, of?: 'key' | 'value'): Position;
  /** Where a sign of the text at the path stands: `offset` signs behind `start`, which is best the offset of a `${{`. */
  positionInText(path: Path, start: number, offset: number): Position;
}

export type ReadSource = { source: WorkflowSource; issues: [] } | { source?: undefined; issues: Issue[] };

/** Refuses, with positions, whatever is not one YAML document with an object of plain JSON values in it. */
export function readSource(text: string): ReadSource {
  const issues = new IssueList();
  const refused = (): ReadSource => ({ issues: issues.inTextOrder() });

  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > SOURCE_MAX_BYTES) {
    issues.add('', `The source has ${bytes} bytes. A workflow may have ${SOURCE_MAX_BYTES} (256 KiB).`);
    return refused();
  }
  const positionAt = positionsIn(text);
  const document = parse(text);
  if (!document) {
    issues.add('', TOO_DEEP);
    return refused();
  }
  for (const { message, offset } of problemsOf(document)) issues.add('', message, positionAt(offset));
  if (!issues.empty) return refused();

  const { contents } = document;
  if (!contents || (isScalar(contents) && contents.value === null)) {
    issues.add('', 'The source is empty. A workflow needs at least slug and steps.', { line: 1, column: 1 });
    return refused();
  }
  if (!isMap(contents)) {
    issues.add('', 'A workflow is an object with fields such as slug and steps.', positionAt(startOf(contents)));
    return refused();
  }
  const values = new YamlValues(contents, (path, message, offset) => issues.add(path, message, positionAt(offset)));
  if (!issues.empty) return refused();
  return {
    issues: [],
    source: {
      value: values.value,
      position: (path, of = 'value') => positionAt(values.offsetOf(path, of)),
      positionInText: (path, start, offset) => {
        const node = values.nodeAt(path);
        if (!isScalar(node) || typeof node.value !== 'string') return positionAt(values.offsetOf(path, 'value'));
        const [from, to] = node.range ?? [0, 0];
        return positionAt(from + writtenOffset(text.slice(from, to), node.value, start, offset));
      },
    },
  };
}

/** The library's own counter misses lines of texts that it gives up on. */
function positionsIn(text: string): (offset: number) => Position {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    const line = Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    );
    return { line: line + 1, column: Math.max(0, offset - (starts[line] ?? 0)) + 1 };
  };
}

function parse(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      prettyErrors: false,
      // At 'silent' the library would not tell of a second document either; it prints nothing here.
      logLevel: 'error',
      schema: 'core',
      resolveKnownTags: false,
      stringKeys: true,
      // YamlValues looks for doubles: the library would compare every key with every other one.
      uniqueKeys: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const TOO_DEEP = `The source is nested too deeply. ${DEEPEST_VALUE} levels are allowed.`;

const PLAINER: Partial<Record<YAMLError['code'], string>> = {
  MULTIPLE_DOCS: 'The source holds more than one YAML document. Save each workflow by itself.',
  TAB_AS_INDENT: 'A tab is used for indentation. YAML allows spaces only.',
  NON_STRING_KEY: 'The name of a field must be text.',
  RESOURCE_EXHAUSTION: TOO_DEEP,
};

/** One slip makes many errors behind it, so only the first ones are told, and each once. */
const MOST_PROBLEMS = 5;

function problemsOf({ errors, warnings }: Document.Parsed): { message: string; offset: number }[] {
  const problems = [...errors, ...warnings].map((problem) => ({
    message: PLAINER[problem.code] ?? `The YAML cannot be read: ${shorten(problem.message, 200)}.`,
    offset: problem.pos[0],
  }));
  const first = new Map<string, number>();
  for (const { message, offset } of problems) if (!first.has(message)) first.set(message, offset);
  return Array.from(first, ([message, offset]) => ({ message, offset })).slice(0, MOST_PROBLEMS);
}
