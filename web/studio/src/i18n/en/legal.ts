import type { legal as ko } from '../ko/legal.ts';

export const legal: typeof ko = {
  draft: 'This is a draft. No lawyer has seen it yet, and it will change before the service opens.',
  terms_1: 'The service',
  terms_1Text: 'PingvasAI makes images from prompts. The GPU time they take is counted in credits.',
  terms_2: 'Your account',
  terms_2Text:
    'One person, one account. Keep your password and your API keys safe, and tell us at once when somebody else used them.',
  terms_3: 'Prices and refunds',
  terms_3Text:
    'You see the price before you generate. Failed jobs use no credits. Refunds are counted from unused credits first.',
  terms_4: 'What is not allowed',
  terms_4Text: 'Do not make images that break the law, deceive or hurt people. We may stop an account that does.',
  terms_5: 'Rights to the images',
  terms_5Text: 'Images belong to whoever made them. Where a model has a licence of its own, keep to that too.',
  privacy_1: 'What we keep',
  privacy_1Text:
    'Your e-mail address and name, prompts and images, payments and visits. Only the payment company knows your card.',
  privacy_2: 'What for',
  privacy_2Text:
    'To make images, to count their price and to protect your account. Not for ads, and no model is trained on your prompts.',
  privacy_3: 'For how long',
  privacy_3Text:
    'Deleted images are gone after 30 days. A deleted account is erased after 14; only the ledger that the law asks for stays, without a name.',
  privacy_4: 'Your rights',
  privacy_4Text: 'You can see, correct, download and erase what we keep about you.',
};
