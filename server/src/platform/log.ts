import { type DestinationStream, type Logger, pino } from 'pino';

/** Names whose values never reach a log, at the top level and one level below. Prompts are a user's words: shown at `debug` only, by those who ask. */
const secretNames = [
  'password',
  'token',
  'refresh_token',
  'access_token',
  'key',
  'secret',
  'authorization',
  'cookie',
  'email',
  'prompt',
  'negative_prompt',
  'totp',
  'url',
];

export type LogOptions = { level: string; process: string; destination?: DestinationStream };

/** One JSON line per event on stdout, with the process it came from; secrets are cut. */
export function createLog({ level, process, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[cut]' },
      serializers: { err: errorFacts },
    },
    destination ?? pino.destination(1),
  );
}

/**
 * What of an error is worth a line. The other properties stay out: a database error carries the failing row in its `detail` and `where`, and with it a
 * user's words.
 */
function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: typeof error };
  const { type, message, stack } = pino.stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
