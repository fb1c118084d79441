/**
 * Whether a path (with `/` between its parts) fits a pattern: `*` and `?` stand for signs of one name, and `**` alone between
 * slashes for any number of folders. Takes time that grows with both lengths multiplied, whatever they are.
 */
export function fitsGlob(pattern: string, path: string): boolean {
  const names = path.split('/');
  // Which numbers of leading names the pattern so far can stand for.
  let reached = new Set([0]);
  for (const part of pattern.split('/')) {
    const next = new Set<number>();
    if (part === '**') {
      for (let count = Math.min(...reached); count <= names.length; count += 1) next.add(count);
    } else {
      for (const count of reached) if (count < names.length && fitsName(part, names[count] ?? '')) next.add(count + 1);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(names.length);
}

/** Goes back to the last star only, which is enough. */
function fitsName(pattern: string, name: string): boolean {
  let at = 0;
  let star: { pattern: number; name: number } | undefined;
  for (let sign = 0; sign < name.length; ) {
    if (pattern[at] === '*') {
      star = { pattern: at, name: sign };
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[sign])) {
      at += 1;
      sign += 1;
    } else if (star) {
      star.name += 1;
      at = star.pattern + 1;
      sign = star.name;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
