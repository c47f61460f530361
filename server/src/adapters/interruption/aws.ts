import { z } from 'zod';
import type { InterruptionNotices } from './port.ts';

/** A token of IMDSv2 is asked for this long, and again well before its end. */
const tokenLifeS = 21_600;
const timeoutMs = 2_000;

const Action = z.object({ action: z.string(), time: z.iso.datetime() });

/**
 * Notices of an EC2 spot instance from its metadata service, version 2 (token first): `spot/instance-action` is 404 until the instance is to be
 * stopped, two minutes before. `endpoint` is the service's address. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 */
export function createAwsNotices({ endpoint, nowMs }: { endpoint: string; nowMs: () => number }): InterruptionNotices {
  const address = endpoint.replace(/\/+$/, '');
  let token: { text: string; untilMs: number } | undefined;

  const ask = (method: string, path: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${address}${path}`, { method, headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  const freshToken = async (): Promise<string> => {
    if (token && nowMs() < token.untilMs) return token.text;
    const reply = await ask('PUT', '/latest/api/token', {
      'x-aws-ec2-metadata-token-ttl-seconds': String(tokenLifeS),
    });
    if (!reply.ok) throw new Error(`the metadata service gave no token: ${reply.status}`);
    token = { text: await reply.text(), untilMs: nowMs() + (tokenLifeS * 1_000) / 2 };
    return token.text;
  };

  return {
    async current() {
      const reply = await ask('GET', '/latest/meta-data/spot/instance-action', {
        'x-aws-ec2-metadata-token': await freshToken(),
      });
      if (reply.status === 404) return undefined;
      // A token that is not known any more: the next call asks for another.
      if (reply.status === 401) token = undefined;
      if (!reply.ok) throw new Error(`the metadata service answered ${reply.status}`);
      return { endsAtMs: Date.parse(Action.parse(await reply.json()).time) };
    },
  };
}
