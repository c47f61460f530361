export type Language = 'en' | 'ko';

/** The first of our languages in an `Accept-Language` header by its weights (RFC 9110 §12.5.4); English when none matches. */
export function chooseLanguage(header: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined;
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const primary = tag.split('-')[0];
    if (primary !== 'en' && primary !== 'ko') continue;
    const weightText = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='));
    const weight = weightText === undefined ? 1 : Number(weightText.slice(2));
    if (weight > 0 && weight > (best?.weight ?? 0)) best = { language: primary, weight };
  }
  return best?.language ?? 'en';
}
