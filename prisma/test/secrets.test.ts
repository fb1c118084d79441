import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID as tenantId } from '../src/ids.ts';
import { SecretKeys, SecretLockedError } from '../src/secret-keys.ts';
import { deleteSecret, listSecrets, readLockedSecrets, relockSecrets, storeSecret } from '../src/secrets.ts';
import { createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const newKey = () => randomBytes(32).toString('base64');

test('a locked value opens for its owner and name only, and never looks the same twice', () => {
  const keys = new SecretKeys([newKey()]);
  const owner = { tenantId, name: 'TOKEN' };
  const locked = keys.lock(owner, 'sëcret');
  expect(keys.open(owner, locked)).toBe('sëcret');
  expect(Buffer.from(locked.locked).toString('latin1')).not.toContain('cret');
  expect(keys.lock(owner, 'sëcret').locked).not.toEqual(locked.locked);
  expect(() => keys.open({ ...owner, name: 'OTHER' }, locked)).toThrow(SecretLockedError);
  expect(() => keys.open({ ...owner, tenantId: 'another' }, locked)).toThrow(SecretLockedError);
  expect(() => new SecretKeys([newKey()]).open(owner, locked)).toThrow(/which is not here/);
  expect(() => new SecretKeys([]).lock(owner, 'x')).toThrow(SecretLockedError);
});

test('a secret is stored, listed without its value, changed and deleted', async () => {
  const { db } = fixture;
  const keys = new SecretKeys([newKey()]);
  const name = 'TOKEN';
  await storeSecret(db, tenantId, name, keys.lock({ tenantId, name }, 'one'), 'of the forecast');
  const changed = await storeSecret(db, tenantId, name, keys.lock({ tenantId, name }, 'two'), undefined);
  expect(changed).toEqual({
    name,
    description: 'of the forecast',
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    usedBy: [],
  });
  expect(await listSecrets(db, tenantId)).toEqual([changed]);
  const stored = (await readLockedSecrets(db, tenantId)).get(name);
  expect(stored && keys.open({ tenantId, name }, stored)).toBe('two');
  expect(await deleteSecret(db, tenantId, name)).toBe(true);
  expect(await deleteSecret(db, tenantId, name)).toBe(false);
});

test('a new key in front of the old one locks everything anew, and what nothing opens stays', async () => {
  const { db } = fixture;
  const [oldKey, newest] = [newKey(), newKey()];
  const old = new SecretKeys([oldKey]);
  const lost = new SecretKeys([newKey()]);
  await storeSecret(db, tenantId, 'KEPT', old.lock({ tenantId, name: 'KEPT' }, 'value'), null);
  await storeSecret(db, tenantId, 'LOST', lost.lock({ tenantId, name: 'LOST' }, 'value'), null);
  const both = new SecretKeys([newest, oldKey]);
  expect(await relockSecrets(db, both)).toEqual({ relocked: 1, closed: ['LOST'] });
  expect(await relockSecrets(db, both)).toEqual({ relocked: 0, closed: ['LOST'] });
  const kept = (await readLockedSecrets(db, tenantId)).get('KEPT');
  expect(kept && new SecretKeys([newest]).open({ tenantId, name: 'KEPT' }, kept)).toBe('value');
});
