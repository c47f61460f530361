import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Quote } from '@pingvas/domain';
import { AppError } from '#platform/errors.ts';
import type { PriceShape } from './price-request.ts';

/** A quote is valid this long. */
export const quoteValidMs = 300_000;

export type QuoteSigner = {
  /** The token of a price for a workspace. It is not stored and may be used again while it is valid. */
  sign: (quoted: { workspaceId: string; shape: PriceShape; price: Quote; expiresAtMs: number }) => string;
  /**
   * The price a token promises. Throws `quote_expired`, and `quote_mismatch` when it is not ours, or of another workspace or request.
   */
  open: (token: string, expected: { workspaceId: string; shape: PriceShape; nowMs: number }) => Quote;
};

type Payload = { v: 1; w: string; s: PriceShape; p: [expected: number, ceiling: number, surcharge: number]; e: number };

/** Signs quotes with HMAC-SHA-256 under a key of their own, derived from the service's secret (RFC 5869). */
export function createQuoteSigner(secret: string): QuoteSigner {
  const key = Buffer.from(hkdfSync('sha256', secret, 'pingvas', 'quote', 32));
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    sign: ({ workspaceId, shape, price, expiresAtMs }) => {
      const payload: Payload = {
        v: 1,
        w: workspaceId,
        s: shape,
        p: [price.expected, price.ceiling, price.surcharge],
        e: expiresAtMs,
      };
      const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
      return `${text}.${mac(text).toString('base64url')}`;
    },
    open: (token, { workspaceId, shape, nowMs }) => {
      const [text = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const wanted = mac(text);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new AppError('quote_mismatch');
      const payload = JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload;
      if (payload.w !== workspaceId || canonicalize(payload.s) !== canonicalize(shape))
        throw new AppError('quote_mismatch');
      if (nowMs >= payload.e) throw new AppError('quote_expired');
      const [expected, ceiling, surcharge] = payload.p;
      return { expected, ceiling, surcharge, breakdown: [] };
    },
  };
}
