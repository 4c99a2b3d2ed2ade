import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { parse, serialize } from 'parse5';
import Turndown from 'turndown';

export interface ReadableText {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

/** What a person reads of a page: its article, or all its words where no article can be found. */
export function readableText(html: string, address: string): ReadableText {
  const { document } = parseHTML(complete(html));
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  const whole = document.body?.cloneNode(true);
  const article = new Readability(document).parse();
  const { document: shown } = parseHTML('<html><body></body></html>');
  if (article?.content) shown.body.innerHTML = article.content;
  else if (whole !== undefined) shown.body.append(shown.importNode(whole, true));
  for (const link of shown.querySelectorAll('a[href]')) {
    const target = URL.parse(link.getAttribute('href') ?? '', address);
    if (target === null || !target.protocol.startsWith('http')) link.removeAttribute('href');
    else link.setAttribute('href', target.href);
  }
  const markdown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced' });
  markdown.remove(['script', 'style', 'noscript', 'template', 'iframe']);
  // An image's address tells a model nothing, and data: addresses are long.
  markdown.addRule('image', { filter: 'img', replacement: (_content, node) => altOf(node) });
  const text = markdown.turndown(shown.body).trim();
  return { title: article?.title?.trim() || title, text };
}

/**
 * The page with every tag that HTML lets it leave out, read as browsers read it: linkedom takes
 * tags as they stand, and does not know a body whose tag is left out.
 */
function complete(html: string): string {
  return serialize(parse(html));
}

function altOf(node: unknown): string {
  const isElement = typeof node === 'object' && node !== null && 'getAttribute' in node;
  if (!isElement || typeof node.getAttribute !== 'function') return '';
  const alt: unknown = node.getAttribute('alt');
  return typeof alt === 'string' && alt !== '' ? `[${alt}]` : '';
}
