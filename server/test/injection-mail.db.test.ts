import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { createMailbox } from '#adapters/mail/mailbox.ts';
import { renderMail } from '#features/notifications/render-mail.ts';
import { signUp, testAccounts } from '#test/accounts.ts';
import { createTestApi, test, testPublicUrl } from '#test/app.ts';
import { hostileStrings } from '#test/hostile-strings.ts';

/** What a browser makes of a page: its tags with their attributes' names, in order. Text and values are not in it. */
function skeletonOf(html: string): string[] {
  return [...html.matchAll(/<(!?\/?[a-z!][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi)].map(([, tag, rest]) => {
    const names = [...(rest ?? '').matchAll(/([^\s=/]+)(?:=("[^"]*"|'[^']*'|\S+))?/g)].map(([, name]) => name);
    return [tag, ...names].join(' ').toLowerCase();
  });
}

const storable = hostileStrings.filter((text) => !text.includes('\0') && text.isWellFormed());

test('a hostile text in a mail is a text: the elements are those of a harmless one', () => {
  const mailWith = (text: string) =>
    renderMail({ language: 'ko', subject: text, paragraphs: [text], action: text, link: text, after: text }).html;
  const harmless = skeletonOf(mailWith('cat'));
  expect(harmless).toContain('a href style');
  for (const text of hostileStrings) expect(skeletonOf(mailWith(text)), JSON.stringify(text)).toEqual(harmless);
});

test('the mailbox of development shows hostile subjects and texts as text, and each mail has one recipient', async ({
  db,
}) => {
  const api = await createTestApi(db);
  onTestFinished(api.close);
  const mailbox = createMailbox(db.app);
  const send = async (text: string): Promise<string> => {
    const messageId = randomUUID();
    await mailbox.send({ messageId, to: `${text}@example.test`, subject: text, text, html: `<p>${messageId}</p>` });
    return messageId;
  };
  const pageOf = async (url: string) => skeletonOf((await api.call({ url })).body);
  const harmless = await pageOf(`/dev/mail/view/${await send('cat')}`);
  for (const text of storable.filter((_, at) => at % 3 === 0)) {
    const id = await send(text);
    // Addresses in the text become links: one list entry more for each, and nothing else.
    const links = new Set(text.match(/https?:\/\/\S+/g) ?? []).size;
    const page = await pageOf(`/dev/mail/view/${id}`);
    expect(
      page.filter((tag) => !['li', '/li'].includes(tag)).length -
        harmless.filter((tag) => !['li', '/li'].includes(tag)).length,
      JSON.stringify(text),
    ).toBe(links * 2);
    const message = (await api.call({ url: `/dev/mail/messages/${id}` })).json();
    expect(message).toMatchObject({ to: `${text}@example.test`, subject: text, text });
  }
  const list = await pageOf('/dev/mail');
  expect(new Set(list).size).toBeLessThan(40);
  expect(list.filter((tag) => /script|img|svg|iframe|style>|\bon\w+/.test(tag))).toEqual([]);
});

test('a name or an address with a line break makes no second recipient and no mail', async ({ db }) => {
  const accounts = await testAccounts(db);
  onTestFinished(() => accounts.app.close());
  const post = (url: string, payload: object) =>
    accounts.app.inject({ method: 'POST', url, payload, headers: { host: 'localhost:8000', origin: testPublicUrl } });
  const own = `${randomUUID()}@example.test`;
  const breaks = ['\r\nBcc: ', '\nBcc: ', '\r', '%0d%0aBcc: ', ', ', ';', '\u2028', ' <', '\0'];
  for (const middle of breaks) {
    const email = `${own}${middle}other@example.test`;
    const answers = [
      await post('/api/auth/sign-up/email', { name: 'x', email, password: 'correct horse battery' }),
      await post('/api/auth/request-password-reset', { email }),
      await post('/api/auth/send-verification-email', { email }),
    ];
    for (const answer of answers) expect(answer.statusCode, JSON.stringify(middle)).toBe(400);
  }
  for (const name of ['a\r\nBcc: other@example.test', 'a\nb', 'a\0b', 'a\u2028b']) {
    const answer = await post('/api/auth/sign-up/email', { name, email: own, password: 'correct horse battery' });
    expect(answer.statusCode, JSON.stringify(name)).toBe(400);
  }
  const { userId } = await signUp(accounts, own);
  await accounts.runChores(userId);
  expect(accounts.mail.messages().map(({ to }) => to)).toEqual([own]);
});
