import { findCard } from '../cards.ts';
import { type Answer, type Call, type Route, text } from '../http.ts';
import { cancel, recover, resume } from '../life.ts';
import { isSigned, signedUrl } from '../resources.ts';
import { SandboxError } from '../sandbox-error.ts';
import { find, findVariant, type Shop } from '../shop.ts';
import type { Customer, Subscription } from '../state.ts';
import { cardChoice, dollars, escape, layout, showDate } from './layout.ts';
import { chooseLanguage, type Language, words } from './words.ts';

/** What a buyer does with what they bought. Every page and form is reached by a signed link. */
export function portalRoutes(shop: Shop): Route[] {
  const { state } = shop;
  const languageOf = ({ query, languages }: Call): Language => chooseLanguage(query.get('locale'), languages);
  const guarded = (path: string, call: Call, run: () => Answer): Answer =>
    isSigned(shop, path, call.query)
      ? run()
      : {
          status: 403,
          html: layout(languageOf(call), words[languageOf(call)].portal, words[languageOf(call)].expired),
        };
  const portal = (id: string): string => `/portal/${id}`;
  return [
    {
      method: 'GET',
      path: /^\/portal\/([^/]+)$/,
      run: (call) =>
        guarded(portal(call.params[0] ?? ''), call, () => ({
          html: portalPage(shop, find(state.customers, call.params[0] ?? ''), languageOf(call)),
        })),
    },
    {
      method: 'POST',
      path: /^\/portal\/([^/]+)$/,
      run: (call) =>
        guarded(portal(call.params[0] ?? ''), call, () => {
          const customer = find(state.customers, call.params[0] ?? '');
          act(shop, customer, call.body);
          return { status: 303, location: `${signedUrl(shop, portal(customer.id))}&locale=${languageOf(call)}` };
        }),
    },
    {
      method: 'GET',
      path: /^\/documents\/(invoice|order)\/([^/]+)$/,
      run: (call) => {
        const [kind, id] = call.params as ['invoice' | 'order', string];
        return guarded(`/documents/${kind}/${id}`, call, () => ({
          html: documentPage(shop, kind, id, languageOf(call)),
        }));
      },
    },
  ];
}

function act(shop: Shop, customer: Customer, body: Record<string, unknown>): void {
  const card = findCard(text(body['card']));
  const own = Object.values(shop.state.subscriptions).filter((one) => one.customerId === customer.id);
  if (card) {
    customer.card = card;
    shop.touch(customer);
    if (card !== 'declined') for (const one of own) if (one.dunning) recover(shop, one);
    return;
  }
  const subscription = own.find((one) => one.id === text(body['subscription']));
  if (!subscription) throw new SandboxError(404, 'Not Found', 'There is no such subscription.');
  if (body['action'] === 'cancel') cancel(shop, subscription);
  if (body['action'] === 'resume') resume(shop, subscription);
}

function portalPage(shop: Shop, customer: Customer, language: Language): string {
  const say = words[language];
  const path = signedUrl(shop, `/portal/${customer.id}`);
  const form = (content: string): string =>
    `<form method="post" action="${escape(path)}&amp;locale=${language}">${content}</form>`;
  const own = Object.values(shop.state.subscriptions).filter((one) => one.customerId === customer.id);
  const sections = own.map((one) => subscriptionSection(shop, one, language, form));
  return layout(
    language,
    say.portal,
    `<p>${escape(customer.email)}</p>${sections.join('') || `<p>${say.noSubscriptions}</p>`}<section><h2>${say.card}</h2>${form(
      `${cardChoice(language, customer.card)}<button>${say.useCard}</button>`,
    )}</section>`,
  );
}

function subscriptionSection(
  shop: Shop,
  one: Subscription,
  language: Language,
  form: (content: string) => string,
): string {
  const say = words[language];
  const when =
    one.endsAt === null
      ? `${say.renews} ${showDate(one.periodEnd, language)}`
      : `${say.ends} ${showDate(one.endsAt, language)}`;
  const action = one.cancelled ? 'resume' : 'cancel';
  const button =
    one.status === 'expired'
      ? ''
      : form(
          `<input type="hidden" name="subscription" value="${one.id}"><button name="action" value="${action}">${say[action]}</button>`,
        );
  const invoices = Object.values(shop.state.invoices)
    .filter((invoice) => invoice.subscriptionId === one.id)
    .map(
      (invoice) =>
        `<li><a href="${escape(signedUrl(shop, `/documents/invoice/${invoice.id}`))}">${showDate(invoice.createdAt, language)}</a> ${dollars(invoice.totalCents)} (${invoice.status})</li>`,
    );
  return `<section><h2>${escape(findVariant(shop, one.variantId).name)}</h2><p>${one.status}. ${when}</p>${button}<h3>${say.invoices}</h3><ul>${invoices.join('')}</ul></section>`;
}

function documentPage(shop: Shop, kind: 'invoice' | 'order', id: string, language: Language): string {
  const say = words[language];
  const payment = kind === 'invoice' ? find(shop.state.invoices, id) : find(shop.state.orders, id);
  const lines = [
    [say.date, showDate(payment.createdAt, language)],
    [say.status, payment.status],
    [say.total, dollars(payment.totalCents)],
    [say.refunded, dollars(payment.refundedCents)],
  ];
  return layout(
    language,
    `${say[kind]} ${id}`,
    `<dl>${lines.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`,
  );
}
