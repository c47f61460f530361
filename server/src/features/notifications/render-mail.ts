import type { Language } from '#platform/http/language.ts';
import { escapeHtml } from './html.ts';

export type RenderedMail = { subject: string; text: string; html: string };

/** One mail with one thing to do. The text part says the same as the HTML, for readers without it. */
export function renderMail(mail: {
  language: Language;
  subject: string;
  paragraphs: string[];
  action: string;
  link: string;
  after: string;
}): RenderedMail {
  const { language, subject, paragraphs, action, link, after } = mail;
  const text = [...paragraphs, `${action}:\n${link}`, after, '— PingvasAI'].join('\n\n');
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n');
  const href = escapeHtml(link);
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;background:#f4f4f6;color:#1b1b1f;font:16px/1.6 system-ui,-apple-system,'Segoe UI','Apple SD Gothic Neo','Malgun Gothic',sans-serif">
<main style="max-width:32rem;margin:0 auto;padding:2rem 1.5rem;background:#ffffff">
<h1 style="font-size:1.25rem;line-height:1.4">${escapeHtml(subject)}</h1>
${body}
<p><a href="${href}" style="display:inline-block;padding:.75rem 1.25rem;border-radius:.5rem;background:#3b3bd1;color:#ffffff;text-decoration:none">${escapeHtml(action)}</a></p>
<p style="word-break:break-all"><a href="${href}" style="color:#3b3bd1">${href}</a></p>
<p>${escapeHtml(after)}</p>
<p style="color:#5c5c66">PingvasAI</p>
</main>
</body>
</html>
`;
  return { subject, text, html };
}
