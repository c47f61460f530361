import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import type { SocialSettings } from '#features/accounts/social-providers.ts';
import { type TestAccounts, testOrigin } from './accounts.ts';

/** Whom a provider believes to have in front of it. */
export type ProviderUser = { id: string; email: string | null; verified: boolean; name?: string };

export type TestProviders = {
  social: SocialSettings;
  /** The next round trips are this person's. */
  comeAs: (user: ProviderUser) => void;
  close: () => Promise<void>;
};

/** A Google (an OpenID server that signs) and a Discord (authorization code and `users/@me`) on this machine. */
export async function startProviders(): Promise<TestProviders> {
  let user: ProviderUser = { id: 'nobody', email: null, verified: false };
  const google = new OAuth2Server();
  await google.issuer.keys.generate('RS256');
  google.service.on(Events.BeforeTokenSigning, (token: { payload: Record<string, unknown> }) => {
    Object.assign(token.payload, { sub: user.id, email: user.email, email_verified: user.verified, name: user.name });
  });
  await google.start(0, '127.0.0.1');

  const discord = createServer((request, response) => {
    void answerAsDiscord(request, user).then(({ status, headers, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => discord.listen(0, '127.0.0.1', resolve));
  return {
    social: {
      google: { id: 'google-client', secret: 'google-secret', issuer: google.issuer.url ?? '' },
      discord: {
        id: 'discord-client',
        secret: 'discord-secret',
        url: `http://127.0.0.1:${(discord.address() as AddressInfo).port}`,
      },
    },
    comeAs: (next) => void (user = next),
    close: async () => {
      await google.stop();
      await new Promise((resolve) => discord.close(resolve));
    },
  };
}

type Answer = { status: number; headers?: Record<string, string>; body?: unknown };

async function answerAsDiscord(request: IncomingMessage, user: ProviderUser): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://discord');
  if (url.pathname === '/oauth2/authorize') {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('code', `code-of-${user.id}`);
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    return { status: 302, headers: { location: back.href } };
  }
  if (url.pathname === '/api/oauth2/token') {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    if (form.get('client_secret') !== 'discord-secret' && request.headers.authorization === undefined)
      return { status: 401, body: { error: 'invalid_client' } };
    if (!form.get('code_verifier')) return { status: 400, body: { error: 'invalid_grant' } };
    return {
      status: 200,
      body: { access_token: 'discord-access', refresh_token: 'discord-refresh', token_type: 'Bearer' },
    };
  }
  return {
    status: 200,
    body: { id: user.id, username: user.name ?? 'someone', email: user.email, verified: user.verified },
  };
}

const cookiesFrom = (header: string | string[] | undefined): string =>
  [header ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .filter((cookie) => !cookie?.endsWith('='))
    .join('; ');

export type Returned = {
  status: number;
  /** Where the browser is sent; `?error=` says what went wrong. */
  location: string;
  /** The cookies that were set: a session, a half sign-in, or none. */
  cookie: string;
  /** The address the provider sent the browser back to, with code and state. */
  callback: string;
  /** The cookie of the browser that started. */
  started: string;
};

/** The whole round trip of a browser: our button, the provider, our callback. */
export async function signInWith(
  accounts: Pick<TestAccounts, 'app'>,
  provider: 'google' | 'discord',
  { cookie = '', link = false }: { cookie?: string; link?: boolean } = {},
): Promise<Returned> {
  const headers = { host: 'localhost:8000', origin: testOrigin };
  const start = await accounts.app.inject({
    method: 'POST',
    url: link ? '/api/auth/link-social' : '/api/auth/sign-in/social',
    headers: { ...headers, cookie },
    payload: { provider, callbackURL: '/done', errorCallbackURL: '/sign-in' },
  });
  if (start.statusCode !== 200) throw new Error(`start: ${start.statusCode} ${start.body}`);
  const there = await fetch(start.json().url as string, { redirect: 'manual' });
  const back = new URL(there.headers.get('location') ?? 'missing:');
  const started = [cookie, cookiesFrom(start.headers['set-cookie'])].filter(Boolean).join('; ');
  const callback = back.pathname + back.search;
  const done = await accounts.app.inject({ url: callback, headers: { host: 'localhost:8000', cookie: started } });
  return {
    status: done.statusCode,
    location: done.headers.location ?? '',
    cookie: cookiesFrom(done.headers['set-cookie']),
    callback,
    started,
  };
}
