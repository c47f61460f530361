type Turnstile = {
  render: (
    element: HTMLElement,
    options: { sitekey: string; callback: (token: string) => void; 'expired-callback': () => void },
  ) => void;
};

const address = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';

/** The widget's script, asked for once and only where the operator chose it (`CAPTCHA=turnstile`). Rejects when it cannot be fetched. */
export function loadTurnstile(): Promise<Turnstile> {
  const loaded = (window as { turnstile?: Turnstile }).turnstile;
  if (loaded) return Promise.resolve(loaded);
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => {
      const { turnstile } = window as { turnstile?: Turnstile };
      if (turnstile) resolve(turnstile);
      else reject(new Error('The widget did not start.'));
    };
    script.onerror = () => reject(new Error('The widget could not be fetched.'));
    document.head.append(script);
  });
}
