/** What a test card does. The numbers are Stripe's, which people know. */
export const cards = {
  paid: { number: '4242424242424242', names: ['paid', 'ok'] },
  declined: { number: '4000000000000002', names: ['declined'] },
  three_d_secure: { number: '4000002760003184', names: ['three_d_secure', '3ds', '3d_secure'] },
  disputed: { number: '4000000000000259', names: ['disputed'] },
} as const;

export type CardWord = keyof typeof cards;

export const cardWords = Object.keys(cards) as CardWord[];

/** The card of a number (spaces allowed) or a name, or undefined. */
export function findCard(text: string): CardWord | undefined {
  const wanted = text.replaceAll(' ', '').toLowerCase();
  return cardWords.find((word) => {
    const { number, names } = cards[word];
    return number === wanted || (names as readonly string[]).includes(wanted);
  });
}

export const lastFour = (card: CardWord): string => cards[card].number.slice(-4);
