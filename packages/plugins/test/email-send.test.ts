import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runStep } from '@signalbox/plugin-sdk/testing';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tool } from '../src/tool.ts';
import { callTool } from './tool-stage.ts';

type Mail = { from: string; to: string[]; user: string | undefined; source: string };

/** A real SMTP server without TLS that keeps what it gets. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ url: string; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password, username }, _session, done) =>
      password === 'pässword' ? done(null, { user: username }) : done(new Error('no such user')),
    onData: (stream, { envelope, user }, done) => {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const mail: Mail = { from, to: envelope.rcptTo.map(({ address }) => address), user, source: '' };
      mails.push(mail);
      stream.on('data', (chunk: Buffer) => {
        mail.source += chunk.toString();
      });
      stream.once('end', () => done(null, 'kept'));
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
}

const MAIL = { from: 'Builds <builds@example.org>', to: 'ada@example.org', subject: 'Done', text: 'All is well.' };
const send = (url: string, mail: Record<string, unknown> = MAIL, prepare?: (folder: string) => Promise<unknown>) =>
  callTool('email.send', mail, { secrets: { SIGNALBOX_SMTP_URL: url }, ...(prepare ? { prepare } : {}) });

describe('email.send', () => {
  test('a mail arrives with its texts, copies and attachments', async () => {
    const { mails, url } = await mailServer();
    const { output } = await send(
      url,
      {
        ...MAIL,
        to: ['ada@example.org', 'Bob <bob@example.org>'],
        bcc: 'eve@example.org',
        subject: 'Größe',
        html: '<p>All is well.</p>',
        attachments: [{ path: 'report.csv' }],
      },
      (folder) => writeFile(join(folder, 'report.csv'), 'a,b\n'),
    );
    expect(output).toMatchObject({
      accepted: ['ada@example.org', 'bob@example.org', 'eve@example.org'],
      rejected: [],
      response: expect.stringContaining('kept'),
    });
    const [mail] = mails;
    expect(mail).toMatchObject({
      from: 'builds@example.org',
      to: ['ada@example.org', 'bob@example.org', 'eve@example.org'],
    });
    expect(mail?.source).toContain(`Message-ID: ${String(output?.messageId)}`);
    expect(mail?.source).toContain('filename=report.csv');
    expect(mail?.source).not.toContain('eve@example.org');
  });

  test('the server is told who sends, by the user and password of its address', async () => {
    const { mails, url } = await mailServer({ authOptional: false });
    const authority = (user: string, password: string) =>
      url.replace('smtp://', `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
    await send(authority('me@example.org', 'pässword'));
    expect(mails.map(({ user }) => user)).toEqual(['me@example.org']);
    const { failure } = await send(authority('me@example.org', 'wrong'));
    expect(failure).toMatchObject({ category: 'AUTH', retryable: false });
    expect((await send(url)).failure).toMatchObject({ category: 'AUTH', retryable: false });
  });

  test('a line end in a field makes no further header', async () => {
    const { mails, url } = await mailServer();
    await send(url, { ...MAIL, subject: 'x\r\nBcc: eve@example.org' });
    expect(mails[0]?.to).toEqual(['ada@example.org']);
    expect(mails[0]?.source).not.toMatch(/^Bcc:/m);
  });

  test.each([
    [450, 'RATE_LIMIT', true],
    [550, 'USER_INPUT', false],
  ])('a recipient that is refused with %i is a failure of the kind %s', async (responseCode, category, retryable) => {
    const { url } = await mailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('not now'), { responseCode })),
    });
    expect((await send(url)).failure).toMatchObject({
      category,
      retryable,
      message: expect.stringContaining(`${responseCode}`),
    });
  });

  test('a server that is not there is NETWORK, and none at all is CONFIGURATION', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    expect((await send(`smtp://127.0.0.1:${port}`)).failure).toMatchObject({ category: 'NETWORK', retryable: true });
    expect((await callTool('email.send', MAIL)).failure).toMatchObject({
      category: 'CONFIGURATION',
      message: expect.stringContaining('SIGNALBOX_SMTP_URL'),
    });
  });

  test('a cancel ends the wait for a server that says nothing', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const cancel = new AbortController();
    void once(server, 'connection').then(() => cancel.abort('cancelled'));
    const { failure } = await runStep(tool, {
      config: { tool: 'email.send', input: MAIL },
      secrets: { SIGNALBOX_SMTP_URL: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` },
      signal: cancel.signal,
    });
    expect(failure?.category).toBe('CANCELLED');
  });

  test.each([
    ['no text at all', { text: undefined }],
    ['no recipient', { to: [] }],
    ['an attachment from elsewhere', { attachments: [{ path: '/etc/passwd' }] }],
  ])('%s is refused', async (_what, change) => {
    const { mails, url } = await mailServer();
    const { failure } = await send(url, JSON.parse(JSON.stringify({ ...MAIL, ...change })));
    expect(failure).toMatchObject({ category: 'USER_INPUT', retryable: false });
    expect(mails).toEqual([]);
  });
});
