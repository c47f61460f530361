import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ConfigError } from './config.ts';
import { environmentSchema, readConfig } from './config.ts';
import { makeSigningKey } from './signing-key.ts';

const secret = 's'.repeat(32);
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app@db/pingvas',
  DATABASE_OWNER_URL: 'postgres://owner@db/pingvas',
  DATABASE_WORKER_URL: 'postgres://worker@db/pingvas',
  DATABASE_ADMIN_URL: 'postgres://admin@db/pingvas',
  DATABASE_AUTH_URL: 'postgres://auth@db/pingvas',
  PUBLIC_URL: 'https://pingvas.example/',
  AUTH_SECRET: secret,
  LEDGER_SIGNING_KEY: makeSigningKey(),
  CAPTCHA: 'altcha',
  PAYMENTS: 'none',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe('settings', () => {
  test('an empty environment is a development server on this machine alone', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      production: false,
      publicUrl: 'http://localhost:8000',
      http: { port: 8000, host: '127.0.0.1', internalPort: 8001, trustProxy: false },
      database: null,
      engines: ['mini'],
      modelsAuto: true,
      demo: true,
      payments: ['sandbox'],
      captcha: 'none',
    });
  });

  test('a server for development refuses to listen to other machines unless it is told so', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^HOST: /)]);
    expect(problemsOf({ HOST: '0.0.0.0', DEV_EXPOSE: 'true' })).toEqual([]);
  });

  test('production lists everything that is missing at once', () => {
    const names = problemsOf({ NODE_ENV: 'production' }).map((problem) => problem.split(':')[0]);
    expect(names).toEqual(
      expect.arrayContaining([
        'DATABASE_URL',
        'DATABASE_AUTH_URL',
        'PUBLIC_URL',
        'AUTH_SECRET',
        'LEDGER_SIGNING_KEY',
        'CAPTCHA',
        'PAYMENTS',
      ]),
    );
  });

  test.for([
    ['PAYMENTS', { PAYMENTS: 'sandbox' }],
    ['DEMO', { DEMO: 'true' }],
    ['CAPTCHA', { CAPTCHA: 'none' }],
    ['AUTH_SECRET', { AUTH_SECRET: 'short' }],
    ['LEDGER_SIGNING_KEY', { LEDGER_SIGNING_KEY: 'no key' }],
    ['STRIPE_SECRET_KEY', { PAYMENTS: 'stripe', STRIPE_WEBHOOK_SECRET: 'x' }],
    ['STRIPE_WEBHOOK_SECRET', { PAYMENTS: 'stripe', STRIPE_SECRET_KEY: 'x' }],
  ] as const)('production refuses %s as development has it', ([name, change]) => {
    expect(problemsOf({ ...production, ...change })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  test('production starts with everything set, without payments and without generated parts', () => {
    expect(readConfig(production)).toMatchObject({
      production: true,
      publicUrl: 'https://pingvas.example',
      demo: false,
      modelsAuto: false,
    });
  });

  test('a wrong value is named, never repeated', () => {
    expect(() => readConfig({ PORT: 'eighty' })).toThrow(/PORT: must be a whole number/);
    expect(() => readConfig({ LEMON_SQUEEZY_VARIANTS: '{secret' })).not.toThrow(/secret/);
  });

  test('proxies are believed by hops or by network', () => {
    expect(readConfig({ TRUST_PROXY: '2' }).http.trustProxy).toBe(2);
    expect(readConfig({ TRUST_PROXY: '10.0.0.0/8, 192.168.0.1' }).http.trustProxy).toEqual([
      '10.0.0.0/8',
      '192.168.0.1',
    ]);
  });

  test('.env.example lists every variable and is itself valid', () => {
    const example = parseEnv(readFileSync(path.join(import.meta.dirname, '../../../.env.example'), 'utf8'));
    expect(Object.keys(example).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
    expect(problemsOf(example as Record<string, string>)).toEqual([]);
  });
});
