import { findCard } from '../cards.ts';
import { type Answer, type Call, type Route, text } from '../http.ts';
import { confirmCheckout, type PayAnswer, payCheckout } from '../purchase.ts';
import { SandboxError } from '../sandbox-error.ts';
import { find, findVariant, type Shop } from '../shop.ts';
import type { Checkout } from '../state.ts';
import { cardChoice, dollars, escape, layout } from './layout.ts';
import { chooseLanguage, type Language, words } from './words.ts';

/** Where a buyer pays. Browsers get pages, programs JSON. */
export function checkoutRoutes(shop: Shop): Route[] {
  const open = ({ params, query, languages }: Call) => {
    const checkout = find(shop.state.checkouts, params[0] ?? '');
    return { checkout, language: chooseLanguage(query.get('locale') ?? checkout.locale, languages) };
  };
  const answer = (call: Call, outcome: PayAnswer): Answer => {
    const { checkout, language } = open(call);
    if (!call.isForm) return { status: outcome.status === 'declined' ? 402 : 200, json: outcome };
    if (outcome.status === 'requires_action') return { status: 303, location: outcome.confirm_url };
    if (outcome.status === 'paid' && outcome.return_url !== '') return { status: 303, location: outcome.return_url };
    return { html: pageOf(shop, checkout, language, outcome.status === 'declined') };
  };
  return [
    {
      method: 'GET',
      path: /^\/checkouts\/([^/]+)$/,
      run: (call) => {
        const { checkout, language } = open(call);
        return { html: pageOf(shop, checkout, language, false) };
      },
    },
    {
      method: 'GET',
      path: /^\/checkouts\/([^/]+)\/confirm$/,
      run: (call) => {
        const { checkout, language } = open(call);
        return { html: bankPage(shop, checkout, language) };
      },
    },
    {
      method: 'POST',
      path: /^\/checkouts\/([^/]+)\/pay$/,
      run: (call) => {
        const card = findCard(text(call.body['card']));
        if (!card) throw new SandboxError(422, 'Unprocessable Entity', 'card: no such test card.');
        return answer(call, payCheckout(shop, call.params[0] ?? '', card));
      },
    },
    {
      method: 'POST',
      path: /^\/checkouts\/([^/]+)\/confirm$/,
      run: (call) => {
        const approve = call.body['approve'] === true || call.body['approve'] === 'true';
        return answer(call, confirmCheckout(shop, call.params[0] ?? '', approve));
      },
    },
  ];
}

function summary(shop: Shop, checkout: Checkout, language: Language): string {
  const { name, priceCents, interval } = findVariant(shop, checkout.variantId);
  return `<p>${escape(name)}<br><span class="price">${dollars(priceCents)}</span> ${words[language][interval ?? 'once']}<br>${escape(checkout.email)}</p>`;
}

function pageOf(shop: Shop, checkout: Checkout, language: Language, declined: boolean): string {
  const say = words[language];
  const content =
    checkout.status === 'paid'
      ? `<p role="status">${say.thanks}</p>${checkout.returnUrl === '' ? '' : `<p><a href="${escape(checkout.returnUrl)}">${say.back}</a></p>`}`
      : `${declined ? `<p class="alert" role="alert">${say.wasDeclined}</p>` : ''}<form method="post" action="/checkouts/${checkout.id}/pay?locale=${language}">${cardChoice(language)}<button>${say.pay}</button></form>`;
  return layout(language, say.checkout, summary(shop, checkout, language) + content);
}

function bankPage(shop: Shop, checkout: Checkout, language: Language): string {
  const say = words[language];
  return layout(
    language,
    say.bank,
    `${summary(shop, checkout, language)}<p>${say.bankQuestion}</p><form method="post" action="/checkouts/${checkout.id}/confirm?locale=${language}"><button name="approve" value="true">${say.approve}</button><button name="approve" value="false">${say.refuse}</button></form>`,
  );
}
