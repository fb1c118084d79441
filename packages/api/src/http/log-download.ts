/** A job's log as a file, however long: read and sent a piece at a time, at the pace of who takes it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LOG_LEVELS, type LogLevel } from '@signalbox/core/statuses';
import { isId } from '@signalbox/db/ids';
import { type LogFilter, readLogBatches } from '@signalbox/db/log-pages';
import { create as contentDisposition } from 'content-disposition';
import type { Viewer } from '../auth/viewer.ts';
import type { Services } from '../context.ts';
import { sendText } from './answer.ts';
import { FORMATS, formatLine, type LogFormat } from './log-format.ts';

interface LogRequest {
  format: LogFormat;
  filter: LogFilter;
}

const PARAMETERS = ['format', 'step', 'level', 'search', 'from', 'to'];

/** What the address asks for, or in words what is wrong with it. */
function readRequest(params: URLSearchParams): LogRequest | string {
  const unknown = [...params.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    return `There is no parameter "${unknown.slice(0, 100)}". There are: ${PARAMETERS.join(', ')}.`;
  }
  const wanted = params.get('format') ?? 'text';
  const format = FORMATS.find((name) => name === wanted);
  if (!format) return `format must be one of ${FORMATS.join(', ')}, not "${wanted.slice(0, 100)}".`;
  const levels: LogLevel[] = [];
  for (const name of params.getAll('level')) {
    const level = LOG_LEVELS.find((known) => known === name);
    if (!level) return `level must be one of ${LOG_LEVELS.join(', ')}, not "${name.slice(0, 100)}".`;
    levels.push(level);
  }
  const [fromSeq, toSeq] = [params.get('from'), params.get('to')];
  for (const [name, value] of [
    ['from', fromSeq],
    ['to', toSeq],
  ] as const) {
    if (value !== null && !/^\d{1,9}$/.test(value)) {
      return `${name} must be the number of a line, such as 1204, not "${value.slice(0, 100)}".`;
    }
  }
  return {
    format,
    filter: {
      stepKey: params.get('step'),
      levels,
      search: params.get('search'),
      fromSeq: fromSeq === null ? null : Number(fromSeq),
      toSeq: toSeq === null ? null : Number(toSeq),
    },
  };
}

const TYPES: Record<LogFormat, string> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/x-ndjson; charset=utf-8',
  raw: 'text/plain; charset=utf-8',
};
const EXTENSIONS: Record<LogFormat, string> = { text: 'log', json: 'jsonl', raw: 'txt' };

export async function answerLog(
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  { db }: Services,
  viewer: Viewer,
): Promise<void> {
  const wanted = readRequest(new URL(request.url ?? '', 'http://localhost').searchParams);
  if (typeof wanted === 'string') return sendText(response, 400, wanted);
  const { format, filter } = wanted;
  const job = isId(id)
    ? await db.prisma.job.findUnique({ where: { id, tenantId: viewer.tenantId }, select: { id: true } })
    : null;
  if (!job) return sendText(response, 404, `There is no job with the id "${id.slice(0, 100)}".`);
  const name = ['job', job.id, filter.stepKey].filter(Boolean).join('-');
  response.writeHead(200, {
    'Content-Type': TYPES[format],
    'Content-Disposition': contentDisposition(`${name}.${EXTENSIONS[format]}`),
    'Cache-Control': 'private, no-store',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(textOf(readLogBatches(db, job.id, filter), format)), response);
}

async function* textOf(batches: ReturnType<typeof readLogBatches>, format: LogFormat): AsyncGenerator<string> {
  for await (const lines of batches) yield lines.map((line) => formatLine(line, format)).join('');
}
