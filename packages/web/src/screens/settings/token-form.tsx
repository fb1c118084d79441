import { NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { byField, describeError, describeResult } from '../../app/failure.ts';
import { type Scope, WORDS } from '../../app/viewer.ts';
import { useProblems } from '../../form/use-problems.ts';
import { serverNow } from '../../time/clock.ts';
import { DialogForm } from '../create-job/dialog-form.tsx';
import classes from './dialog.module.css';
import { CreateApiToken } from './documents.ts';
import { EXPIRIES, type Expiry, endOf } from './expiry.ts';

const SCOPES: [Scope, string][] = [
  ['READ', 'See everything of the tenant.'],
  ['OPERATE', 'Also make, steer and delete jobs, templates and schedules.'],
  ['ADMIN', 'Also save workflows, set budgets and secrets, give out tokens and set webhooks.'],
];

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

interface Props {
  /** Takes the text of the new token. */
  onMade: (text: string) => void;
  onClose: () => void;
}

/** A token before it is made. */
export function TokenForm({ onMade, onClose }: Props) {
  const client = useClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('READ');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const [at, setAt] = useState('');
  const { problems, setProblems, form } = useProblems();
  const [failure, setFailure] = useState<string>();
  const [sending, setSending] = useState(false);
  const end = endOf(expiry, at, serverNow());

  async function submit() {
    const missing = {
      ...(name.trim() === '' && { name: 'Say which program or person uses it.' }),
      ...(end === undefined && { expiresAt: 'Say when it ends.' }),
    };
    setProblems(missing);
    setFailure(undefined);
    if (end === undefined || Object.keys(missing).length > 0 || sending) return;
    setSending(true);
    const expiresAt = end === null ? null : new Date(end).toISOString();
    const { data, error } = await client.mutation(CreateApiToken, { name: name.trim(), scope, expiresAt });
    setSending(false);
    const result = data?.createApiToken;
    if (result?.__typename === 'CreatedApiToken') return onMade(result.text);
    if (result?.__typename === 'InvalidInput') return setProblems(byField(result.issues));
    const { title, message } = result ? describeResult(result) : describeError(error);
    setFailure(`${title}. ${message}`);
  }

  return (
    <DialogForm
      ref={form}
      submit="Make the token"
      sending={sending}
      failure={failure}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Such as Nightly build"
        data-autofocus
        maxLength={100}
        error={problems.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group
        label="What its bearer may do"
        value={scope}
        onChange={(value) => setScope(SCOPES.find(([each]) => each === value)?.[0] ?? 'READ')}
      >
        <div className={classes.scopes}>
          {SCOPES.map(([value, description]) => (
            <Radio key={value} size="xs" value={value} label={WORDS[value]} description={description} />
          ))}
        </div>
      </Radio.Group>
      <div className={classes.ends}>
        <NativeSelect
          label="Ends"
          data={[...EXPIRIES]}
          value={expiry}
          onChange={(event) =>
            setExpiry(EXPIRIES.find(({ value }) => value === event.currentTarget.value)?.value ?? '90')
          }
        />
        {expiry === 'at' ? (
          <TextInput
            type="datetime-local"
            label="Date and time"
            error={problems.expiresAt}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
        ) : (
          <p className={classes.until}>
            {end === null ? 'It counts until somebody revokes it.' : end !== undefined && `On ${day.format(end)}`}
          </p>
        )}
      </div>
    </DialogForm>
  );
}
