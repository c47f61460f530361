/** A challenge that was answered: its name, and until when the same answer would pass again. */
export type CaptchaPass = { challenge: string; expiresAt: Date };

/** Tells people from programs. That an answer is used once is the caller's to see to. */
export type Captcha = {
  kind: 'none' | 'altcha' | 'turnstile';
  /** What the browser's widget needs to know, if anything. */
  siteKey: string | null;
  /** Where the vendor's widget comes from, for the page's security policy; null where the page needs no script of others. */
  widgetOrigin: string | null;
  /** Makes a challenge of our own, as JSON; null where the vendor's widget fetches its own. */
  newChallenge: (() => Promise<object>) | null;
  /** The challenge an answer belongs to, or undefined when the answer is wrong or late. Throws when the vendor cannot be asked. */
  check: (answer: string, clientIp: string) => Promise<CaptchaPass | undefined>;
};

/** Asks nobody; for development. */
export const noCaptcha: Captcha = {
  kind: 'none',
  siteKey: null,
  widgetOrigin: null,
  newChallenge: null,
  check: () => Promise.resolve(undefined),
};
