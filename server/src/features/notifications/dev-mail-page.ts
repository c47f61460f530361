import { escapeHtml } from './html.ts';
import type { StoredMail } from './dev-mail.queries.ts';

/** The mailbox as a page: newest first. */
export function mailboxPage(mails: StoredMail[]): string {
  const rows = mails.map(
    (
      mail,
    ) => `<tr><td><time datetime="${mail.createdAt.toISOString()}">${mail.createdAt.toISOString().replace('T', ' ').slice(0, 19)}</time></td>
<td>${escapeHtml(mail.to)}</td><td><a href="/dev/mail/view/${encodeURIComponent(mail.id)}">${escapeHtml(mail.subject)}</a></td></tr>`,
  );
  return page(
    'Development mailbox',
    mails.length === 0
      ? '<p>No mail yet. What the product sends appears here instead of leaving this machine.</p>'
      : `<table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  );
}

/** One message: its links, its text, and its HTML in a frame without scripts. */
export function messagePage(mail: StoredMail, links: string[]): string {
  return page(
    mail.subject,
    `<p>To: ${escapeHtml(mail.to)}</p>
<ul>${links.map((link) => `<li><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></li>`).join('')}</ul>
<pre>${escapeHtml(mail.text)}</pre>
<iframe title="HTML part" sandbox srcdoc="${escapeHtml(mail.html)}"></iframe>
<p><a href="/dev/mail">All mail</a></p>`,
  );
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;padding:1rem}iframe{width:100%;height:30rem;border:1px solid #8886}
</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`;
