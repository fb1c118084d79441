/** The field of a tool that says how long its work in a process of its own may take. */
export const WORK_TIMEOUT = {
  type: 'integer',
  minimum: 1,
  maximum: 60_000,
  title: 'Timeout',
  description: 'Milliseconds that the work may take; 5000 when absent.',
};
