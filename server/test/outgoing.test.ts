import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * Every file of the product that can open a connection over HTTP or to a store, with where the address comes from. No address comes from a user: the
 * first place that takes one brings the guarded module of the decision on outgoing requests, and is listed here with it.
 */
const allowed: Record<string, string> = {
  'server/src/adapters/captcha/turnstile.ts': 'a constant, or the operator’s settings',
  'server/src/adapters/engine/invokeai-install.ts': 'INVOKEAI_URL, or the operator’s --url',
  'server/src/adapters/interruption/aws.ts': 'a constant, or AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'server/src/adapters/payments/lemonsqueezy-client.ts': 'a constant, LEMON_SQUEEZY_API_URL or SANDBOX_PAYMENTS_URL',
  'server/src/adapters/payments/stripe-client.ts': 'Stripe’s own address, or STRIPE_API_URL',
  'server/src/adapters/payments/stripe-webhook.ts': 'none: it only checks signatures',
  'server/src/adapters/engine/invokeai/events.ts': 'INVOKEAI_URL',
  'server/src/adapters/engine/invokeai/rest.ts': 'INVOKEAI_URL',
  'server/src/adapters/storage/s3.ts': 'STORAGE_URL, S3_ENDPOINT',
  'server/src/features/accounts/auth.ts':
    'the providers’ own addresses, or the operator’s settings (through Better Auth)',
  'server/src/main/build-limiter.ts': 'REDIS_URL',
  'server/src/platform/db/listen.ts': 'DATABASE_URL; the socket is the driver’s, kept to end it',
  'server/src/platform/hints/redis.ts': 'REDIS_URL',
  'sandbox-payments/src/deliveries.ts': 'our own API on this machine, as the composition root says',
  'sandbox-payments/src/index.ts': 'none: it only listens',
  'server/src/main/supervisor/keep-port.ts': 'none: it only looks whether a port is free',
  'server/src/main/supervisor/metrics-server.ts': 'none: it only listens',
  'server/src/main/supervisor/preflight.ts': 'none: it only looks whether a port is free',
  'server/src/main/supervisor/seed-demo.ts': 'our own API on this machine',
};

const opens = [
  /\bfetch\b/,
  /\bcreateRemoteJWKSet\b|\bnew (WebSocket|EventSource|XMLHttpRequest)\b|\bsendBeacon\b/,
  /^import (?!type\b)[^;]*from '(node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises)';/m,
  /^import (?!type\b)[^;]*from '(undici|axios|got|node-fetch|ws|socket\.io-client|nodemailer|ioredis|stripe|@aws-sdk\/client-[^']+|better-auth\/plugins\/generic-oauth|@better-auth\/[^']+)';/m,
  /\bimport\('(node:)?(http|https|http2|net|tls|undici)'\)/,
];

const root = path.join(import.meta.dirname, '../..');

/** The code of a file without its comments, which may name anything. */
const codeOf = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');

/** Imports of plain functions (`isIP`) open nothing. */
const withoutHarmless = (code: string): string => code.replaceAll(/^import \{ isIP(v[46])? \} from 'node:net';$/gm, '');

test('only the listed files can open a connection, and none of their addresses is a user’s', () => {
  const files = ['server/src', 'domain/src', 'engine-mini/src', 'sandbox-payments/src'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(test|contract|gen)\.ts$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(100);
  const opening = files.filter((file) => {
    const code = withoutHarmless(codeOf(readFileSync(path.join(root, file), 'utf8')));
    return opens.some((pattern) => pattern.test(code));
  });
  expect(opening.sort()).toEqual(Object.keys(allowed).sort());
});

test('an import, a call and a dynamic import are seen; words in comments and types are not', () => {
  const isSeen = (text: string): boolean => opens.some((pattern) => pattern.test(withoutHarmless(codeOf(text))));
  for (const text of [
    "const a = await fetch('x');",
    'const get = globalThis.fetch;',
    "import http from 'node:http';",
    "import { request } from 'https';",
    "import {\n  connect,\n} from 'node:tls';",
    "const { get } = await import('node:https');",
    "import { Redis } from 'ioredis';",
    'new WebSocket(url);',
  ])
    expect(isSeen(text), text).toBe(true);
  for (const text of [
    '// fetch it',
    '/* fetch\n it */ const a = 1;',
    "import type { ServerResponse } from 'node:http';",
    "import { isIP } from 'node:net';",
    'const fetched = 1;',
  ])
    expect(isSeen(text), text).toBe(false);
});
