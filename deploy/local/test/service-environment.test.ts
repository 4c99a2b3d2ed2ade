import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceName } from '@mosaic/proto';
import {
  secretVariables,
  serviceEnvironment,
  surroundingEnvironment,
  withoutVendors,
} from '../src/stack/services/service-environment.ts';

const user = {
  PATH: '/bin',
  HOME: '/root',
  OPENAI_API_KEY: 'sk-real',
  ANTHROPIC_API_KEY_FILE: '/run/secrets/anthropic',
  MOSAIC_ADMIN_PASSWORD: 'correct horse',
  MOSAIC_TURN_CONCURRENCY: '7',
  SOMETHING_ELSE: 'private',
  NATS_URL_FILE: '/run/secrets/nats',
};
const launcher = {
  NATS_URL: 'nats://127.0.0.1:1',
  MOSAIC_CALLER_SEED: 'seed',
  MOSAIC_MASTER_KEY: 'master',
};
const everything = [...Object.keys(user), ...Object.keys(launcher), 'ANTHROPIC_API_KEY'];

test('vendor keys and the master key reach providers alone, whatever a service declares', () => {
  const table: readonly [ServiceName, readonly string[]][] = [
    ['providers', ['ANTHROPIC_API_KEY_FILE', 'MOSAIC_MASTER_KEY', 'OPENAI_API_KEY']],
    ['gateway', ['MOSAIC_ADMIN_PASSWORD', 'MOSAIC_CALLER_SEED']],
    ['agents', []],
    ['router', []],
    ['memory', []],
    ['jobs', []],
  ];
  for (const [service, expected] of table) {
    const environment = serviceEnvironment(service, { declared: everything, user, launcher });
    const secrets = Object.keys(environment).filter((name) => secretVariables.includes(name));
    assert.deepEqual(secrets.sort(), expected, service);
  }
});

test('a service gets what it declares, and nothing else of the surroundings', () => {
  const declared = ['MOSAIC_TURN_CONCURRENCY', 'MOSAIC_LOG_LEVEL'];
  assert.deepEqual(serviceEnvironment('agents', { declared, user, launcher }), {
    MOSAIC_TURN_CONCURRENCY: '7',
  });
});

test('what the launcher says stands above the user, whose file of the same name is left out', () => {
  assert.deepEqual(serviceEnvironment('router', { declared: ['NATS_URL'], user, launcher }), {
    NATS_URL: 'nats://127.0.0.1:1',
  });
});

test('a process of its own gets a path and a home, but no variable that it did not declare', () => {
  assert.deepEqual(surroundingEnvironment(user), { PATH: '/bin', HOME: '/root' });
});

test('in demo mode no real key and no real address is left, in either form', () => {
  const names = ['ANTHROPIC', 'OPENAI', 'OPENROUTER', 'ZAI'].flatMap((vendor) => [
    `${vendor}_API_KEY`,
    `${vendor}_API_KEY_FILE`,
    `${vendor}_BASE_URL`,
    `${vendor}_BASE_URL_FILE`,
  ]);
  const full = Object.fromEntries([...names, 'OLLAMA_HOST', 'PATH'].map((name) => [name, 'x']));
  assert.deepEqual(withoutVendors(full), { PATH: 'x' });
});
