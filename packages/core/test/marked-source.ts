import type { Issue } from '../src/issues.ts';

const MARK = '▶';

/** Takes the marks out of a source and says where they stood: where issues are expected. */
export function marked(text: string): { source: string; positions: { line: number; column: number }[] } {
  const positions: { line: number; column: number }[] = [];
  const lines = text.split('\n').map((line, index) => {
    const parts = line.split(MARK);
    let column = 1;
    for (const part of parts.slice(0, -1)) {
      column += part.length;
      positions.push({ line: index + 1, column });
    }
    return parts.join('');
  });
  return { source: lines.join('\n'), positions };
}

export function positionsOf(issues: readonly Issue[]): { line?: number; column?: number }[] {
  return issues.map(({ line, column }) => ({ line, column }));
}
