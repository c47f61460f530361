/** Amounts are integers in milli-credits inside, API credits (at most three places) outside. 1 credit = 1 GPU second. */
const milliPerCredit = 1_000;

/** Milli-credits as the API shows them. */
export function toCredits(milli: number): number {
  return milli / milliPerCredit;
}

/** API credits as stored. Raises `RangeError` for more than three places: money is never rounded on its way in. */
export function toMilli(credits: number): number {
  const milli = Math.round(credits * milliPerCredit);
  if (!Number.isSafeInteger(milli) || milli / milliPerCredit !== credits)
    throw new RangeError(`not an amount of credits: ${credits}`);
  return milli;
}
