import { createHash } from 'node:crypto';
import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import type { SendMailOptions } from 'nodemailer';
import { mailFailure } from './email-failure.ts';
import { withFile } from './job-folder.ts';
import { endStopped } from './stopped.ts';
import type { Tool } from './tool-kind.ts';

type EmailInput = {
  from: string;
  to: string | string[];
  cc?: string | string[];
  bcc?: string | string[];
  replyTo?: string;
  subject: string;
  text?: string;
  html?: string;
  attachments?: { path: string; name?: string }[];
};

const CONNECTED_WITHIN_MS = 15_000;
const SILENT_FOR_MS = 30_000;
const LARGEST_ATTACHMENTS = 20 * 1024 * 1024;

const addresses = (title: string, description: string) => ({
  title,
  description,
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', minLength: 1 } },
  ],
});

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'to', 'subject'],
  anyOf: [{ required: ['text'] }, { required: ['html'] }],
  properties: {
    from: {
      type: 'string',
      minLength: 1,
      title: 'From',
      description: 'An address, such as Builds <builds@example.org>.',
    },
    to: addresses('To', 'One address or a list.'),
    cc: addresses('Copies to', 'One address or a list.'),
    bcc: addresses('Blind copies to', 'One address or a list.'),
    replyTo: { type: 'string', minLength: 1, title: 'Reply to', description: 'Where answers go.' },
    subject: { type: 'string', minLength: 1, maxLength: 1_000, title: 'Subject', description: 'One line.' },
    text: { type: 'string', title: 'Text', description: 'The mail as plain text.' },
    html: {
      type: 'string',
      title: 'HTML',
      description: 'The mail as HTML; give the text too, for those who read that.',
    },
    attachments: {
      type: 'array',
      maxItems: 20,
      title: 'Attachments',
      description: "Files of the job's working folder, 20 MiB in all.",
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path'],
        properties: {
          path: { type: 'string', minLength: 1, title: 'Path', description: "From the job's working folder." },
          name: { type: 'string', minLength: 1, title: 'Name', description: 'What it is called in the mail.' },
        },
      },
    },
  },
};

const list = { type: 'array', items: { type: 'string' } };

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['messageId', 'accepted', 'rejected', 'response'],
  properties: {
    messageId: { type: 'string', title: 'Message id', description: 'The same for the same attempt of a step.' },
    accepted: { ...list, title: 'Accepted', description: 'Addresses that the server has taken the mail for.' },
    rejected: { ...list, title: 'Rejected', description: 'Addresses that it has not.' },
    response: { type: 'string', title: 'Response', description: 'What the server said at the end.' },
  },
};

export const emailSend: Tool = {
  name: 'email.send',
  title: 'Send an e-mail',
  description: 'Sends a mail through the SMTP server of SIGNALBOX_SMTP_URL.',
  input,
  output,
  run: (given, ctx) => send(given as EmailInput, ctx),
};

async function send(given: EmailInput, ctx: StepContext<unknown>): Promise<Record<string, unknown>> {
  const server = new URL(ctx.secret('SIGNALBOX_SMTP_URL'));
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.hostname.replace(/^\[(.+)\]$/, '$1'),
    secure: server.protocol === 'smtps:',
    ...(server.port === '' ? {} : { port: Number(server.port) }),
    ...(server.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
    connectionTimeout: CONNECTED_WITHIN_MS,
    greetingTimeout: CONNECTED_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
  });
  const stop = () => transport.close();
  ctx.signal.addEventListener('abort', stop, { once: true });
  try {
    const mail = { ...(await mailOf(given, ctx)), disableFileAccess: true, disableUrlAccess: true };
    const stopped = new Promise<never>((_done, failed) => {
      ctx.signal.addEventListener('abort', () => failed(new Error('stopped')), { once: true });
    });
    const { accepted, messageId, rejected, response } = await Promise.race([transport.sendMail(mail), stopped]);
    ctx.log('INFO', `The server has taken the mail for ${accepted.length} addresses: ${response}`);
    return { messageId, accepted: accepted.map(addressOf), rejected: rejected.map(addressOf), response };
  } catch (error) {
    if (ctx.signal.aborted) return await endStopped(ctx);
    throw mailFailure(error);
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    transport.close();
  }
}

async function mailOf(given: EmailInput, ctx: StepContext<unknown>): Promise<SendMailOptions> {
  const { attachments = [], ...fields } = given;
  const folder = await hostOf(ctx).folder();
  let left = LARGEST_ATTACHMENTS;
  const files: NonNullable<SendMailOptions['attachments']> = [];
  for (const { name, path } of attachments) {
    const content = await withFile(folder, path, async (file, { size }) => {
      left -= size;
      if (left < 0) throw mailFailure(new RangeError(`The attachments are larger than ${LARGEST_ATTACHMENTS} bytes`));
      return file.readFile();
    });
    files.push({ filename: name ?? path.split('/').at(-1) ?? path, content });
  }
  const id = createHash('sha256')
    .update(`${ctx.attempt.idempotencyKey}:${JSON.stringify(fields)}`)
    .digest('hex');
  return { ...fields, attachments: files, messageId: `<${id.slice(0, 40)}@signalbox>` };
}

function addressOf(address: string | { address: string }): string {
  return typeof address === 'string' ? address : address.address;
}
