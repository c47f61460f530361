import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useListProvidersQuery } from '../../api/api.gen.ts';
import { solveChallenge } from './solve-challenge.ts';
import { loadTurnstile } from './turnstile.ts';

type CaptchaCheck = {
  isAsked: boolean;
  /** What has to be seen in the form. */
  slot: ReactNode;
  /** The answer to send with the form, undefined where nothing is asked. Rejects when there is none. */
  answer: () => Promise<string | undefined>;
};

/** The check that this installation asks of who signs up: none, a puzzle that the browser solves by itself, or a widget of a third party. */
export function useCaptcha(): CaptchaCheck {
  const { t } = useTranslation();
  const { data: { captcha } = {} } = useListProvidersQuery();
  const holder = useRef<HTMLDivElement>(null);
  const token = useRef<string>(undefined);
  const siteKey = captcha?.kind === 'turnstile' ? captcha.site_key : null;

  useEffect(() => {
    if (siteKey === null || !holder.current) return;
    const element = holder.current;
    void loadTurnstile().then((turnstile) =>
      turnstile.render(element, {
        sitekey: siteKey,
        callback: (given) => (token.current = given),
        'expired-callback': () => (token.current = undefined),
      }),
    );
  }, [siteKey]);

  return {
    isAsked: captcha !== undefined && captcha.kind !== 'none',
    slot:
      siteKey === null ? null : (
        <div ref={holder} role="group" aria-label={t('auth.captchaSlot')} className="min-h-16" />
      ),
    answer: async () => {
      if (captcha?.kind === 'altcha') return solveChallenge();
      if (siteKey === null) return undefined;
      if (token.current === undefined) throw new Error('The widget has no answer yet.');
      return token.current;
    },
  };
}
