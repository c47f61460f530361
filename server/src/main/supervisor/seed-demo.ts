import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '#platform/config.ts';

const demo = { email: 'demo@pingvas.local', password: 'pingvas-demo' };

/** What a first visitor finds: one picture a language, rendered by the engine that runs here. */
const prompts = ['웃는 고양이', 'red apple', 'ロボット', '一只熊猫', '무지개', 'rocket'];

/**
 * Makes the demo account (plan Pro) and lets it generate its first pictures, once. It goes in by the same doors as everybody: the operator's
 * command and the public API. Rejects when one of them refuses.
 */
export async function seedDemo(config: Config, env: NodeJS.ProcessEnv): Promise<void> {
  await createAccount(env);
  const api = `http://127.0.0.1:${config.http.port}/api/v1`;
  const call = async (method: string, route: string, token?: string, body?: unknown): Promise<unknown> => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(`${api}${route}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { access_token: token } = (await call('POST', '/auth/token', undefined, {
    grant_type: 'password',
    ...demo,
  })) as { access_token: string };
  const { data: jobs } = (await call('GET', '/jobs?limit=1', token)) as { data: unknown[] };
  if (jobs.length > 0) return;
  for (const [at, prompt] of prompts.entries()) await call('POST', '/generate', token, { prompt, seed: at + 1 });
}

async function createAccount(env: NodeJS.ProcessEnv): Promise<void> {
  const command = path.join(import.meta.dirname, '../pingvas.ts');
  const args = [
    'users',
    'create',
    '--email',
    demo.email,
    '--password',
    demo.password,
    '--plan',
    'pro',
    '--verified',
    '--json',
  ];
  try {
    await promisify(execFile)(process.execPath, [command, ...args], { env });
  } catch (error) {
    // Refused: the account is there from an earlier start.
    if ((error as { code?: unknown }).code !== 1) throw error;
  }
}
