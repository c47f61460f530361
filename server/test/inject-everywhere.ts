import { createLog } from '#platform/log.ts';
import { createTestApi, testPublicUrl } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { hostileStrings } from '#test/hostile-strings.ts';
import { asHeader, type Place, placesOf } from '#test/injection-places.ts';
import { aVictim, hashOfWorkspace } from '#test/victim.ts';

export type InjectionReport = {
  places: number;
  requests: number;
  /** Answers of 5xx, and lines of the log that speak of a statement or a value the database could not read. */
  failures: string[];
  /** Tables of a workspace nobody spoke of that are not as they were. */
  bystanderChanged: string[];
};

/** Routes beside the document: Better Auth's, which take names and addresses. */
const authPlaces = (): Place[] => {
  const post =
    (url: string, body: (text: string) => object): Place['request'] =>
    (text) => ({
      method: 'POST',
      url,
      payload: JSON.stringify(body(text)),
      headers: { 'content-type': 'application/json', origin: testPublicUrl },
    });
  const password = 'not the right one';
  const at = (name: string, request: Place['request']): Place => ({ name, request });
  return [
    at(
      'sign-up address',
      post('/api/auth/sign-up/email', (text) => ({ name: 'x', email: `${text}@example.test`, password: '' })),
    ),
    at(
      'sign-in address',
      post('/api/auth/sign-in/email', (text) => ({ email: text, password })),
    ),
    at(
      'reset address',
      post('/api/auth/request-password-reset', (text) => ({ email: text })),
    ),
    at(
      'reset address, its name',
      post('/api/auth/request-password-reset', (text) => ({ email: `${text}@example.test` })),
    ),
    at(
      'verification address',
      post('/api/auth/send-verification-email', (text) => ({ email: text })),
    ),
    at(
      'reset token',
      post('/api/auth/reset-password', (text) => ({ token: text, newPassword: 'correct horse battery' })),
    ),
    at('verification link', (text) => ({
      method: 'GET',
      url: `/api/auth/verify-email?token=${encodeURIComponent(text.toWellFormed())}`,
    })),
    at('reset page', (text) => ({
      method: 'GET',
      url: `/api/auth/reset-password?token=${encodeURIComponent(text.toWellFormed())}`,
    })),
    at(
      'own name',
      post('/api/auth/update-user', (text) => ({ name: text })),
    ),
    at(
      'own picture',
      post('/api/auth/update-user', (text) => ({ image: text })),
    ),
    at('an unknown address', (text) => ({
      method: 'GET',
      url: `/api/v1/${encodeURIComponent(text.toWellFormed())}`,
    })),
    at('the mailbox', (text) => ({
      method: 'GET',
      url: `/dev/mail/messages/${encodeURIComponent(text.toWellFormed())}`,
    })),
  ];
};

/**
 * Sends hostile texts to every place that takes one, `perPlace` of the 300 to each (all of them together meet every text many times), with the same
 * text in the headers that every route reads.
 */
export async function injectEverywhere(db: TestDatabase, perPlace: number): Promise<InjectionReport> {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', process: 'test', destination: { write: (line) => void lines.push(line) } });
  const api = await createTestApi(db, { log });
  try {
    const bystander = await aVictim(db, api);
    const caller = await aVictim(db, api);
    const before = await hashOfWorkspace(db, bystander.workspaceId);
    const places = [
      ...placesOf(api, {
        model: caller.model,
        job_id: caller.doneJobId,
        image_id: caller.imageId,
        init_image_id: caller.imageId,
        workspace_id: caller.workspaceId,
        user_id: caller.userId,
        id: caller.keyId,
        width: 256,
        height: 256,
        steps: 12,
      }),
      ...authPlaces(),
    ];
    const report: InjectionReport = { places: places.length, requests: 0, failures: [], bystanderChanged: [] };
    const queue = places.flatMap((place, index) =>
      Array.from({ length: perPlace }, (_, turn) => ({
        place,
        text: hostileStrings[
          (index * 7 + turn * Math.floor(hostileStrings.length / perPlace)) % hostileStrings.length
        ]!,
      })),
    );
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { place, text } = next;
        const { headers, method, ...request } = place.request(text);
        const answer = await api.call({
          ...request,
          method,
          as: caller,
          headers: {
            'accept-language': asHeader(text),
            'x-request-id': asHeader(text),
            'user-agent': asHeader(text),
            'x-forwarded-for': asHeader(text),
            ...headers,
          },
        });
        report.requests += 1;
        if (answer.statusCode >= 500)
          report.failures.push(`${answer.statusCode} at ${place.name} for ${JSON.stringify(text.slice(0, 100))}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    report.failures.push(...lines.filter((line) => /syntax error|invalid byte sequence|"code":"(22|42)/i.test(line)));
    const after = await hashOfWorkspace(db, bystander.workspaceId);
    report.bystanderChanged = Object.keys(after).filter((table) => after[table] !== before[table]);
    return report;
  } finally {
    await api.close();
  }
}
