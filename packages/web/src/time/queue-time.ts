interface Queued {
  queuedAt: string | null;
  startedAt: string | null;
}

/** How long a job was queued before it began, in milliseconds; undefined where that cannot be told. */
export function queueTime({ queuedAt, startedAt }: Queued): number | undefined {
  if (queuedAt === null || startedAt === null) return undefined;
  const waited = Date.parse(startedAt) - Date.parse(queuedAt);
  // Queued again since, by a retry or a wait: then the two do not belong together.
  return waited < 0 ? undefined : waited;
}
