import { expect, test } from 'vitest';
import { accountMail, type AccountMailKind } from './account-mails.ts';

const kinds: AccountMailKind[] = [
  'verification',
  'reset',
  'address_taken',
  'second_factor_attacked',
  'change_address_old',
  'change_address_new',
];

test.each(kinds)('the mail "%s" says the same thing to do in text and HTML, in Korean and English', (kind) => {
  for (const language of ['ko', 'en'] as const) {
    const mail = accountMail(kind, language, 'http://localhost:8000/api/auth/verify-email?token=a&b="><script>');
    expect(mail.text).toContain('http://localhost:8000/api/auth/verify-email?token=a&b=');
    expect(mail.html).toContain('token=a&amp;b=&quot;&gt;&lt;script&gt;');
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain(`<html lang="${language}">`);
    expect(/[가-힣]/.test(mail.text)).toBe(language === 'ko');
  }
});
