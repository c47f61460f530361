import path from 'node:path';
import { z } from 'zod';
import { readSigningKey } from './signing-key.ts';

// An empty value in .env means "not set".
const text = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional();
const flag = z
  .enum(['', 'true', 'false', '1', '0'])
  .transform((value) => (value === '' ? undefined : value === 'true' || value === '1'))
  .optional();
const whole = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^\d*$/, 'must be a whole number')
    .transform((value) => (value === '' ? undefined : Number(value)))
    .refine((value) => value === undefined || (value >= min && value <= max), `must be between ${min} and ${max}`)
    .optional();
const listOf = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(z.enum(words)))
    .optional();
const json = z
  .string()
  .transform((value, context): unknown => {
    if (value.trim() === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue('must be JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.union([z.string(), z.number()])).optional())
  .optional();
const address = text.refine((value) => value === undefined || URL.canParse(value), 'must be an address');

function isSigningKey(value: string | undefined): boolean {
  try {
    return value === undefined || readSigningKey(value).type === 'private';
  } catch {
    return false;
  }
}

/** Every variable the service reads, by its name. `.env.example` lists the same ones. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['', 'development', 'production', 'test']).optional(),
  PORT: whole(0, 65_535),
  INTERNAL_PORT: whole(0, 65_535),
  HOST: text,
  INTERNAL_HOST: text,
  PUBLIC_URL: address,
  TRUST_PROXY: text,
  DEV_EXPOSE: flag,
  DATA_DIR: text,
  LOG_LEVEL: z.enum(['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
  DATABASE_URL: address,
  DATABASE_OWNER_URL: address,
  DATABASE_WORKER_URL: address,
  DATABASE_ADMIN_URL: address,
  DATABASE_AUTH_URL: address,
  REDIS_URL: address,
  STORAGE_URL: text,
  S3_ENDPOINT: address,
  S3_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
  CLOUDFRONT_URL: address,
  CLOUDFRONT_KEY_PAIR_ID: text,
  CLOUDFRONT_PRIVATE_KEY: text,
  ENGINE: listOf(['mini', 'invokeai', 'fake']),
  INVOKEAI_URL: address,
  INVOKEAI_ROOT: text,
  INVOKEAI_PORT: whole(1, 65_535),
  MODELS_AUTO: flag,
  WORKERS: whole(0, 64),
  WORKER_GRACE_S: whole(1, 86_400),
  WORKER_IDLE_S: whole(1, 86_400),
  SPOT_NOTICES: z.enum(['', 'none', 'aws']).optional(),
  AWS_EC2_METADATA_SERVICE_ENDPOINT: address,
  AUTH_SECRET: text,
  LEDGER_SIGNING_KEY: text.refine(isSigningKey, 'must be an Ed25519 private key: PKCS#8, as PEM or base64'),
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GOOGLE_ISSUER: address,
  DISCORD_CLIENT_ID: text,
  DISCORD_CLIENT_SECRET: text,
  DISCORD_URL: address,
  CAPTCHA: z.enum(['', 'none', 'altcha', 'turnstile']).optional(),
  TURNSTILE_SITE_KEY: text,
  TURNSTILE_SECRET_KEY: text,
  TURNSTILE_URL: address,
  PAYMENTS: listOf(['sandbox', 'lemonsqueezy', 'stripe', 'none']),
  SANDBOX_PAYMENTS_URL: address,
  SANDBOX_PAYMENTS_SECRET: text,
  LEMON_SQUEEZY_API_KEY: text,
  LEMON_SQUEEZY_STORE_ID: text,
  LEMON_SQUEEZY_WEBHOOK_SECRET: text,
  LEMON_SQUEEZY_VARIANTS: json,
  LEMON_SQUEEZY_API_URL: address,
  LEMON_SQUEEZY_TEST_MODE: flag,
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRET: text,
  STRIPE_API_URL: address,
  DEMO: flag,
});

type Environment = z.output<typeof environmentSchema>;
export type Config = ReturnType<typeof toConfig>;

/** The start cannot go on. The message lists what to set; it never repeats a value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The settings are not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee .env.example.`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads `.env` of a folder, if there is one, under what the environment already says.
 * Returns the environment as it then stands.
 */
export function loadEnvironment(folder: string = process.cwd()): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile(path.join(folder, '.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return process.env;
}

/** Parses the environment into typed settings. Throws `ConfigError` that lists everything missing or wrong at once. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const known = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, env[name]]));
  const parsed = environmentSchema.safeParse(known);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const config = toConfig(parsed.data);
  const problems = [
    ...exposureProblems(config, parsed.data),
    ...turnstileProblems(config),
    ...(config.production ? productionProblems(parsed.data) : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function toConfig(env: Environment) {
  const production = env.NODE_ENV === 'production';
  const port = env.PORT ?? 8_000;
  const dataDir = path.resolve(env.DATA_DIR ?? '.data');
  return {
    production,
    http: {
      port,
      host: env.HOST ?? '127.0.0.1',
      internalPort: env.INTERNAL_PORT ?? 8_001,
      internalHost: env.INTERNAL_HOST ?? '127.0.0.1',
      trustProxy: toTrust(env.TRUST_PROXY),
    },
    /** Where people and links reach us; no slash at the end. */
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    devExpose: env.DEV_EXPOSE ?? false,
    dataDir,
    logLevel: env.LOG_LEVEL || 'info',
    /** Null = the embedded server in `dataDir`. One login per role; each falls back on its own, never on another's rights. */
    database:
      env.DATABASE_URL === undefined
        ? null
        : {
            app: env.DATABASE_URL,
            owner: env.DATABASE_OWNER_URL ?? null,
            worker: env.DATABASE_WORKER_URL ?? null,
            admin: env.DATABASE_ADMIN_URL ?? null,
            auth: env.DATABASE_AUTH_URL ?? null,
          },
    redisUrl: env.REDIS_URL ?? null,
    storage: {
      url: env.STORAGE_URL ?? `file:${path.join(dataDir, 'objects')}`,
      s3: {
        endpoint: env.S3_ENDPOINT ?? null,
        region: env.S3_REGION ?? null,
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? null,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? null,
        sessionToken: env.AWS_SESSION_TOKEN ?? null,
      },
      /** Addresses of pictures point at this distribution, signed with our key, instead of at the bucket. */
      cloudFront: {
        url: env.CLOUDFRONT_URL ?? null,
        keyPairId: env.CLOUDFRONT_KEY_PAIR_ID ?? null,
        privateKey: env.CLOUDFRONT_PRIVATE_KEY ?? null,
      },
    },
    engines: env.ENGINE ?? ['mini' as const],
    invokeai: {
      url: env.INVOKEAI_URL ?? null,
      root: env.INVOKEAI_ROOT ?? null,
      /** Where a server of ours listens, on loopback. */
      port: env.INVOKEAI_PORT ?? 9_090,
    },
    modelsAuto: env.MODELS_AUTO ?? !production,
    workers: env.WORKERS ?? 1,
    worker: {
      /** From SIGTERM to the kill. */
      graceMs: (env.WORKER_GRACE_S ?? 25) * 1_000,
      /** A worker without a job for so long ends itself; null = it waits for ever. */
      idleMs: env.WORKER_IDLE_S === undefined ? null : env.WORKER_IDLE_S * 1_000,
      notices: env.SPOT_NOTICES || 'none',
      metadataUrl: env.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? 'http://169.254.169.254',
    },
    /** Null = the supervisor makes one in `dataDir` (development only). */
    authSecret: env.AUTH_SECRET ?? null,
    /** Ed25519, PKCS#8; signs ledgers. Null as above. */
    ledgerSigningKey: env.LEDGER_SIGNING_KEY ?? null,
    social: {
      google: client(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET, {
        issuer: withoutSlash(env.GOOGLE_ISSUER ?? 'https://accounts.google.com'),
      }),
      discord: client(env.DISCORD_CLIENT_ID, env.DISCORD_CLIENT_SECRET, {
        url: withoutSlash(env.DISCORD_URL ?? 'https://discord.com'),
      }),
    },
    captcha: env.CAPTCHA || 'none',
    turnstile: {
      siteKey: env.TURNSTILE_SITE_KEY ?? '',
      secretKey: env.TURNSTILE_SECRET_KEY ?? '',
      url: env.TURNSTILE_URL ?? 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    },
    payments: env.PAYMENTS ?? (production ? [] : ['sandbox' as const]),
    /** The provider of development. Null = the supervisor runs one and makes its secret. */
    sandboxPayments: { url: env.SANDBOX_PAYMENTS_URL ?? null, secret: env.SANDBOX_PAYMENTS_SECRET ?? null },
    lemonSqueezy: {
      apiKey: env.LEMON_SQUEEZY_API_KEY ?? null,
      storeId: env.LEMON_SQUEEZY_STORE_ID ?? null,
      webhookSecret: env.LEMON_SQUEEZY_WEBHOOK_SECRET ?? null,
      variants: env.LEMON_SQUEEZY_VARIANTS ?? {},
      apiUrl: env.LEMON_SQUEEZY_API_URL ?? null,
      testMode: env.LEMON_SQUEEZY_TEST_MODE ?? !production,
    },
    /** The key says itself whether it is test or live. */
    stripe: {
      secretKey: env.STRIPE_SECRET_KEY ?? null,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? null,
      apiUrl: env.STRIPE_API_URL ?? null,
    },
    demo: env.DEMO ?? !production,
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const client = <Where extends object>(
  id: string | undefined,
  secret: string | undefined,
  where: Where,
): ({ id: string; secret: string } & Where) | null =>
  id !== undefined && secret !== undefined ? { id, secret, ...where } : null;

/** `2` = two proxies; `10.0.0.0/8,192.168.1.1` = these networks; nothing = no header is believed. */
function toTrust(value: string | undefined): false | number | string[] {
  if (value === undefined || value === 'false' || value === '0') return false;
  return /^\d+$/.test(value) ? Number(value) : value.split(',').map((network) => network.trim());
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Development has an open mailbox, a demo account and generated secrets: it may not be reachable from outside by accident. */
function exposureProblems(config: Config, env: Environment): string[] {
  if (config.production || config.devExpose || loopback.test(config.http.host)) return [];
  return [
    `HOST: ${env.HOST ?? ''} is reachable from other machines; set NODE_ENV=production, or DEV_EXPOSE=true to open development anyway`,
  ];
}

function turnstileProblems({ captcha, turnstile }: Config): string[] {
  if (captcha !== 'turnstile') return [];
  return [
    ...(turnstile.siteKey === '' ? ['TURNSTILE_SITE_KEY: must be set for CAPTCHA=turnstile'] : []),
    ...(turnstile.secretKey === '' ? ['TURNSTILE_SECRET_KEY: must be set for CAPTCHA=turnstile'] : []),
  ];
}

function productionProblems(env: Environment): string[] {
  const payments: readonly string[] = env.PAYMENTS ?? [];
  const required: Record<string, boolean> = {
    DATABASE_URL: true,
    DATABASE_OWNER_URL: true,
    DATABASE_WORKER_URL: true,
    DATABASE_ADMIN_URL: true,
    DATABASE_AUTH_URL: true,
    PUBLIC_URL: true,
    AUTH_SECRET: true,
    LEDGER_SIGNING_KEY: true,
    CAPTCHA: true,
    PAYMENTS: true,
    LEMON_SQUEEZY_API_KEY: payments.includes('lemonsqueezy'),
    LEMON_SQUEEZY_STORE_ID: payments.includes('lemonsqueezy'),
    LEMON_SQUEEZY_WEBHOOK_SECRET: payments.includes('lemonsqueezy'),
    STRIPE_SECRET_KEY: payments.includes('stripe'),
    STRIPE_WEBHOOK_SECRET: payments.includes('stripe'),
  };
  const values = env as Record<string, unknown>;
  const missing = Object.keys(required).filter((name) => required[name] && !values[name]);
  return [
    ...missing.map((name) => `${name}: must be set in production`),
    ...(env.AUTH_SECRET !== undefined && env.AUTH_SECRET.length < 32
      ? ['AUTH_SECRET: needs at least 32 characters']
      : []),
    ...(payments.includes('sandbox') ? ['PAYMENTS: sandbox is for development; name a provider, or none'] : []),
    ...(env.DEMO === true ? ['DEMO: the demo account is for development'] : []),
    ...(env.CAPTCHA === 'none' ? ['CAPTCHA: set altcha or turnstile'] : []),
  ];
}
