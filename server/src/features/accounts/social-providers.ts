import type { GenericOAuthConfig } from 'better-auth/plugins/generic-oauth';
import { nameMax, withoutControls } from './person-name.ts';

type Client = { id: string; secret: string };

/** The providers people may sign in with; null = not offered. */
export type SocialSettings = {
  /** `issuer`: where the OpenID discovery document is found. */
  google: (Client & { issuer: string }) | null;
  /** `url`: the start of Discord's addresses. */
  discord: (Client & { url: string }) | null;
};

export type ProviderId = keyof SocialSettings;

/** The providers that are offered, in the order they are shown. */
export const offeredProviders = (social: SocialSettings): ProviderId[] =>
  (['google', 'discord'] as const).filter((id) => social[id] !== null);

/**
 * Both by configured endpoints and not by Better Auth's own Google and Discord: those have constant addresses, and its Google believes an id token without
 * its signature.
 */
export function socialProviders({ google, discord }: SocialSettings): GenericOAuthConfig[] {
  return [
    ...(google
      ? [
          {
            providerId: 'google',
            clientId: google.id,
            clientSecret: google.secret,
            discoveryUrl: `${google.issuer}/.well-known/openid-configuration`,
            scopes: ['openid', 'email', 'profile'],
            pkce: true,
            requireIdTokenVerification: true,
            mapProfileToUser: (profile) => ({ name: nameOf(profile['name'], profile.email), image: undefined }),
          } satisfies GenericOAuthConfig,
        ]
      : []),
    ...(discord
      ? [
          {
            providerId: 'discord',
            clientId: discord.id,
            clientSecret: discord.secret,
            authorizationUrl: `${discord.url}/oauth2/authorize`,
            tokenUrl: `${discord.url}/api/oauth2/token`,
            userInfoUrl: `${discord.url}/api/users/@me`,
            scopes: ['identify', 'email'],
            pkce: true,
            accountSubject: ({ profile }) => profile.id ?? '',
            mapProfileToUser: (profile) => ({
              name: nameOf(profile['global_name'] ?? profile['username'], profile.email),
              image: undefined,
              // Discord calls it `verified`.
              emailVerified: profile['verified'] === true,
            }),
          } satisfies GenericOAuthConfig,
        ]
      : []),
  ];
}

/** What a provider says people are called is as free as what they say themselves. */
function nameOf(given: unknown, email: string | null | undefined): string {
  const name = typeof given === 'string' ? withoutControls(given).trim().slice(0, nameMax) : '';
  return name !== '' && name.isWellFormed() ? name : (email?.split('@')[0]?.slice(0, nameMax) ?? '?');
}
