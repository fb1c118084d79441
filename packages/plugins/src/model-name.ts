/** The two parts of `provider/name`; a text that names no model gives an empty part. */
export function splitModel(model: string): { provider: string; name: string } {
  const slash = model.indexOf('/');
  return { provider: model.slice(0, Math.max(slash, 0)), name: model.slice(slash + 1) };
}
