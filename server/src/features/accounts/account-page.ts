import type { Language } from '#platform/http/language.ts';
import { escapeHtml } from '../notifications/index.ts';
import { passwordLength } from './password.ts';
import type { VerifyEmailOutcome } from './verify-email.ts';

export type AccountPage =
  | VerifyEmailOutcome
  | 'reset'
  | 'reset_unfit'
  | 'reset_done'
  | 'address_agree'
  | 'address_confirm'
  | 'address_agreed'
  | 'address_changed';

/** The pages behind the links of our mails: one sentence, one thing to do, no scripts. */
export function accountPage(
  language: Language,
  page: AccountPage,
  { token, appUrl }: { token: string; appUrl: string },
): string {
  const { title, text } = words[page][language];
  const common = labels[language];
  const form = (action: string, autocomplete: string): string => `<form method="post" action="${action}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<label for="password">${common.password}</label>
<input id="password" name="password" type="password" required maxlength="${passwordLength.max}" autocomplete="${autocomplete}">
<button type="submit">${common.send}</button>
</form>`;
  const button = (action: string): string => `<form method="post" action="${action}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<button type="submit">${common.send}</button>
</form>`;
  const body =
    page === 'proof_needed' || page === 'wrong_password'
      ? form('/api/auth/verify-email', 'current-password')
      : page === 'reset' || page === 'reset_unfit'
        ? form('/api/auth/reset-password/form', 'new-password')
        : page === 'address_agree' || page === 'address_confirm'
          ? button('/api/auth/change-address')
          : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · PingvasAI</title>
<style>
:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,-apple-system,'Apple SD Gothic Neo','Malgun Gothic',sans-serif;max-width:28rem;margin:4rem auto;padding:0 1.5rem}
h1{font-size:1.375rem}label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
input,button{padding:.625rem .75rem;margin:.25rem 0 1rem}
</style>
</head>
<body><main>
<h1>${title}</h1>
<p${page === 'wrong_password' || page === 'reset_unfit' ? ' role="alert"' : ''}>${text}</p>
${body}
<p><a href="${escapeHtml(appUrl)}">${common.app}</a></p>
</main></body>
</html>
`;
}

const labels: Record<Language, { password: string; send: string; app: string }> = {
  en: { password: 'Password', send: 'Continue', app: 'To PingvasAI' },
  ko: { password: '비밀번호', send: '계속', app: 'PingvasAI로 이동' },
};

const words: Record<AccountPage, Record<Language, { title: string; text: string }>> = {
  verified: {
    en: { title: 'Your address is confirmed', text: 'You can sign in now.' },
    ko: { title: '이메일 주소가 확인됐어요', text: '이제 로그인할 수 있어요.' },
  },
  proof_needed: {
    en: {
      title: 'Confirm your address',
      text: 'Enter the password you chose at sign-up, so that nobody else can use an account with your address. You chose none? Then ask for a new password in the app: that also confirms the address.',
    },
    ko: {
      title: '이메일 주소 확인',
      text: '다른 사람이 이 주소로 만든 계정을 쓰지 못하도록, 가입할 때 정한 비밀번호를 입력해 주세요. 비밀번호를 정한 적이 없다면 앱에서 비밀번호 재설정을 요청하세요. 주소도 함께 확인돼요.',
    },
  },
  wrong_password: {
    en: {
      title: 'That is not the password',
      text: 'It is not the one chosen at sign-up. Try again, or ask for a new password in the app: that also confirms the address.',
    },
    ko: {
      title: '비밀번호가 맞지 않아요',
      text: '가입할 때 정한 비밀번호가 아니에요. 다시 입력하거나 앱에서 비밀번호 재설정을 요청하세요. 주소도 함께 확인돼요.',
    },
  },
  invalid_link: {
    en: { title: 'This link no longer works', text: 'It has expired or was used. Ask for another mail in the app.' },
    ko: {
      title: '더 이상 쓸 수 없는 링크예요',
      text: '만료됐거나 이미 썼어요. 앱에서 메일을 다시 요청하세요.',
    },
  },
  reset: {
    en: {
      title: 'Set a new password',
      text: `Choose at least ${passwordLength.min} characters. All devices are signed out.`,
    },
    ko: {
      title: '새 비밀번호 설정',
      text: `${passwordLength.min}자 이상으로 정해 주세요. 모든 기기에서 로그아웃돼요.`,
    },
  },
  reset_unfit: {
    en: {
      title: 'Choose another password',
      text: `It needs ${passwordLength.min} to ${passwordLength.max} characters.`,
    },
    ko: {
      title: '다른 비밀번호를 정해 주세요',
      text: `${passwordLength.min}자에서 ${passwordLength.max}자 사이여야 해요.`,
    },
  },
  address_agree: {
    en: { title: 'Move your account to another address?', text: 'We then write to the new address to confirm it.' },
    ko: { title: '계정의 이메일 주소를 바꿀까요?', text: '동의하면 새 주소로 확인 메일을 보내요.' },
  },
  address_confirm: {
    en: { title: 'Use this address for your account?', text: 'You sign in with it from now on.' },
    ko: { title: '이 주소를 계정에 쓸까요?', text: '앞으로 이 주소로 로그인해요.' },
  },
  address_agreed: {
    en: { title: 'One step left', text: 'Open the mail that is on its way to the new address.' },
    ko: { title: '한 단계 남았어요', text: '새 주소로 보낸 메일을 열어 주세요.' },
  },
  address_changed: {
    en: { title: 'Your address is changed', text: 'Sign in with the new one from now on.' },
    ko: { title: '이메일 주소가 변경됐어요', text: '앞으로 새 주소로 로그인하세요.' },
  },
  reset_done: {
    en: { title: 'The new password is set', text: 'Sign in with it.' },
    ko: { title: '새 비밀번호가 설정됐어요', text: '새 비밀번호로 로그인하세요.' },
  },
};
