import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allContracts,
  bridgePermissions,
  serviceNames,
  servicePermissions,
  subjectFilter,
  subjectFor,
  subjectTokens,
} from '../src/index.ts';

test('no service may publish or hear everything', () => {
  for (const name of serviceNames) {
    const { publish, subscribe } = servicePermissions(name);
    for (const subject of [...publish, ...subscribe]) {
      assert.ok(
        !/^(?:>|\*|mosaic\.>|mosaic\.v1\.>|_INBOX\.>|\$JS\.>|\$JS\.API\.>)$/.test(subject),
        `${name}: ${subject}`,
      );
    }
  }
});

test('a bridge has no subject of the catalogue but those of its own channel', () => {
  const { publish, subscribe } = bridgePermissions('echo');
  const catalogue = [...publish, ...subscribe].filter((one) => one.startsWith('mosaic.'));
  assert.ok(catalogue.length > 0);
  for (const subject of catalogue) assert.match(subject, /^mosaic\.v1\.channel\.echo\./);
});

test('every request can be called by those it names and by nobody else', () => {
  for (const contract of Object.values(allContracts)) {
    if (contract.kind === 'event') continue;
    const subject = subjectFilter(contract.subject);
    for (const name of serviceNames) {
      const may = servicePermissions(name).publish.includes(subject);
      assert.equal(may, contract.calledBy.includes(name), `${name} ${subject}`);
    }
  }
});

test('no two contracts share a subject', () => {
  const subjects = Object.values(allContracts).map((contract) => subjectFilter(contract.subject));
  assert.equal(new Set(subjects).size, subjects.length);
});

test('a token that could widen a subject is refused', () => {
  for (const bad of ['', '*', '>', 'a.b', 'a b', 'ä', 'x'.repeat(65)]) {
    assert.throws(
      () => subjectFor('conv.{userId}.{conversationId}', { userId: bad, conversationId: 'c' }),
      TypeError,
    );
  }
});

test('tokens are read back from a subject of the pattern only', () => {
  const pattern = 'conv.{userId}.{conversationId}';
  const subject = subjectFor(pattern, { userId: 'u', conversationId: 'c' });
  assert.deepEqual(subjectTokens(pattern, subject), { userId: 'u', conversationId: 'c' });
  assert.equal(subjectTokens(pattern, 'mosaic.v1.live.u.c'), undefined);
});
