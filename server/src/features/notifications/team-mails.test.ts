import { expect, test } from 'vitest';
import { budgetMail, invitationMail } from './team-mails.ts';

const languages = ['ko', 'en'] as const;

test('an invitation carries the inviter’s address and the link, in both parts and languages', () => {
  for (const language of languages) {
    const mail = invitationMail(language, { inviterEmail: 'a@example.test', link: 'http://localhost/invitations/t' });
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('a@example.test');
      expect(part).toContain('http://localhost/invitations/t');
    }
    expect(/[가-힣]/.test(mail.text)).toBe(language === 'ko');
  }
});

test('a mail about a budget names whose and how much, and a name in it is text', () => {
  for (const language of languages) {
    for (const threshold of [50, 80, 100] as const) {
      const facts = {
        kind: 'key',
        whose: 'pv_live_abc',
        workspace: '<b>',
        threshold,
        link: 'http://localhost',
      } as const;
      const mail = budgetMail(language, facts);
      expect(mail.text).toContain('pv_live_abc');
      expect(mail.html).toContain('&lt;b&gt;');
      if (threshold < 100) expect(mail.subject).toContain(String(threshold));
    }
  }
});
