import { isOutage } from '@signalbox/db/outage';

/** Prisma wraps what the driver throws; the driver's own error says what happened. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.constructor.name.startsWith('PrismaClient')) {
    return 'code' in error && /^P(1001|1002|1008|1017|2024|2028)$/.test(String(error.code));
  }
  return (
    ('severity' in error ||
      'syscall' in error ||
      /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)) &&
    isOutage(error)
  );
}
