/** The application name of connections that belong to the benchmark and not to what is measured. */
export const OBSERVER = 'bench observer';
