import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from './client.ts';
import { eventually, type Product, startProduct } from './product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

const password = 'a rather long password';

/** A person made by the operator, signed in over HTTP. */
async function aPerson(email: string, ...options: string[]): Promise<{ client: Client; userId: string }> {
  const made = await product.pingvas(
    'users',
    'create',
    '--email',
    email,
    '--password',
    password,
    '--verified',
    ...options,
  );
  const token = await createClient(product.url).post('/api/v1/auth/token', { grant_type: 'password', email, password });
  expect(token.status).toBe(200);
  return { client: createClient(product.url, token.body.access_token), userId: made.user_id };
}

/** The newest mail to an address with these words in its subject. */
const mailTo = (email: string, words: string) =>
  eventually(`a mail to ${email} about ${words}`, async () => {
    const anyone = createClient(product.url);
    const { data } = (await anyone.get('/dev/mail/messages')).body;
    const mail = data.find(({ to, subject }: any) => to === email && subject.includes(words));
    return mail && (await anyone.get(`/dev/mail/messages/${mail.id}`)).body;
  });

test('a friend is invited, joins by the mail, generates on the team’s credits up to a budget, and is removed', async () => {
  const { client: owner } = await aPerson('owner@example.com', '--plan', 'studio');
  const { client: friend, userId: friendId } = await aPerson('friend@example.com');
  const { workspace_id: workspaceId } = (await owner.get('/api/v1/me')).body.workspace;
  const team = `/api/v1/workspaces/${workspaceId}`;
  const inTeam = { 'x-workspace-id': workspaceId };
  const submit = () => friend.post('/api/v1/generate', { prompt: '웃는 고양이' }, inTeam);
  expect((await submit()).status).toBe(404);

  const invited = await owner.post(`${team}/invitations`, { email: 'friend@example.com', role: 'member' });
  expect([invited.status, invited.body.role]).toEqual([201, 'member']);
  const mail = await mailTo('friend@example.com', 'invited');
  const link = mail.links.find((each: string) => each.includes('/invitations/'));
  const accept = `/api/v1/invitations/${link.split('/').at(-1)}/accept`;
  expect((await owner.post(accept)).body.code).toBe('invitation_not_yours');
  expect((await friend.post(accept)).body).toEqual({ workspace_id: workspaceId, role: 'member' });
  expect((await owner.get(`${team}/members`)).body.data.map(({ email }: any) => email).sort()).toEqual([
    'friend@example.com',
    'owner@example.com',
  ]);

  // The team pays, not the friend.
  const before = (await owner.get('/api/v1/credits')).body.available;
  const submitted = await submit();
  expect(submitted.status).toBe(202);
  const done = (await friend.events(`/api/v1/jobs/${submitted.body.job_id}/events`)).at(-1);
  expect(done).toMatchObject({ event: 'done', data: { status: 'succeeded' } });
  const spent = done?.data.charged_credits;
  expect((await owner.get('/api/v1/credits')).body.available).toBeCloseTo(before - spent, 3);
  expect((await friend.get('/api/v1/credits')).body.available).toBe(100);

  const member = `${team}/members/${friendId}`;
  expect((await owner.get(member)).body.credits_used_this_month).toBe(spent);
  expect((await friend.patch(member, { monthly_credit_budget: null })).body.code).toBe('role_not_allowed');
  expect((await owner.patch(member, { monthly_credit_budget: spent })).status).toBe(200);
  const refused = await submit();
  expect([refused.status, refused.body.code]).toEqual([402, 'member_budget_exhausted']);
  await mailTo('owner@example.com', 'budget is used up');
  await mailTo('friend@example.com', 'budget is used up');

  expect((await owner.delete(member)).status).toBe(204);
  // Another process may hear of it a moment later.
  await eventually('the friend is out', async () =>
    (await friend.get(`/api/v1/jobs?workspace_id=${workspaceId}`)).status === 404 ? true : undefined,
  );
  for (const path of [`/api/v1/jobs/${submitted.body.job_id}`, `${team}/members`, member]) {
    expect([path, (await friend.get(path)).status]).toEqual([path, 404]);
  }
  expect([(await submit()).status, (await friend.post(accept)).status]).toEqual([404, 404]);
  expect((await friend.get('/api/v1/me')).body.workspaces).toHaveLength(1);
  // What was made stays with the team.
  expect((await owner.get(`/api/v1/jobs/${submitted.body.job_id}`)).body.status).toBe('succeeded');
});
