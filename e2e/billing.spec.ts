import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { eventually, type Product, startProduct } from './product.ts';

const password = 'a rather long password';

let product: Product;
let url: string;
beforeAll(async () => {
  product = await startProduct();
  ({ url } = product);
});
afterAll(async () => {
  await product.stop();
});

/** Opens the link of the mail that greets a newcomer. */
async function verify(email: string): Promise<void> {
  const link = await eventually('the verification mail', async () => {
    const anyone = createClient(url);
    const { data } = (await anyone.get('/dev/mail/messages')).body;
    const mail = data.find(({ to }: any) => to === email);
    const links = mail && (await anyone.get(`/dev/mail/messages/${mail.id}`)).body.links;
    return links?.find((address: string) => address.includes('verify'));
  });
  await fetch(link);
}

test('by HTTP alone: sign up, choose Pro, pay, and the next job runs with the priority of Pro', async () => {
  const email = 'buyer@example.com';
  const signUp = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password, name: 'Buyer' }),
  });
  expect(signUp.status).toBe(200);
  await verify(email);
  const token = await createClient(url).post('/api/v1/auth/token', { grant_type: 'password', email, password });
  const buyer = createClient(url, token.body.access_token);

  const checkout = await buyer.post('/api/v1/billing/checkout', { product: 'pro', interval: 'month' });
  expect(checkout.status).toBe(200);
  const declined = await createClient(checkout.body.url).post('/pay', { card: 'declined' });
  expect(declined.status).toBe(402);
  const paid = await createClient(checkout.body.url).post('/pay', { card: 'paid' });
  expect(paid.body).toMatchObject({ status: 'paid' });
  await eventually('the plan', async () =>
    (await buyer.get('/api/v1/billing')).body.plan === 'pro' ? true : undefined,
  );
  await eventually('the credits', async () =>
    (await buyer.get('/api/v1/credits')).body.available >= 7_500 ? true : undefined,
  );
  expect((await buyer.get('/api/v1/me')).body.limits.priority).toBe(6);

  // The only worker has something to do while the second one is looked at.
  await buyer.post('/api/v1/generate', { prompt: '무지개', count: 4, steps: 30 });
  const { body: job } = await buyer.post('/api/v1/generate', { prompt: '무지개' });
  const { body: placement } = await buyer.get(`/api/v1/jobs/${job.job_id}/placement`);
  expect(placement.priority.level).toBe(6);
  const done = (await buyer.events(`/api/v1/jobs/${job.job_id}/events`)).at(-1);
  expect(done?.data.status).toBe('succeeded');
});
