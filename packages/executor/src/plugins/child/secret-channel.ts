import { readSync, writeSync } from 'node:fs';
import { SECRETS_FD, type SecretAnswer, type SecretQuestion } from '../protocol.ts';
import { revive } from '../thrown.ts';

const LF = 0x0a;

/** Asks the executor for a secret and waits for it: `ctx.secret` gives its answer at once. Throws what the executor throws. */
export function askForSecret(question: SecretQuestion): string {
  writeSync(SECRETS_FD, `${JSON.stringify(question)}\n`);
  const answer: SecretAnswer = JSON.parse(readLine());
  if ('thrown' in answer) throw revive(answer.thrown);
  return answer.value;
}

function readLine(): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(4_096);
    const length = readSync(SECRETS_FD, part);
    // The executor is gone, and with it everything that this process is for.
    if (length === 0) process.exit(1);
    parts.push(part.subarray(0, length));
    if (part[length - 1] === LF) return Buffer.concat(parts).toString('utf8');
  }
}
