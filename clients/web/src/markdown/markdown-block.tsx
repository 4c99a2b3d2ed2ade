import { type ComponentProps, memo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block.tsx';

function Link({ href, children }: ComponentProps<'a'>) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** A picture named by a model would tell its server who reads when: shown as a link instead. */
function PictureLink({ src, alt }: ComponentProps<'img'>) {
  const address = typeof src === 'string' ? src : undefined;
  return <Link href={address}>{alt === '' || alt === undefined ? 'image' : alt}</Link>;
}

function ScrollingTable({ children }: ComponentProps<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must scroll by keyboard too
    <div className="prose-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

/** Only shown, as the model wrote it: nobody can tick it. */
function TaskBox({ checked }: ComponentProps<'input'>) {
  const isDone = checked === true;
  return <input type="checkbox" disabled checked={isDone} aria-label={isDone ? 'done' : 'to do'} />;
}

const components: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => <PictureLink src={src} alt={alt} />,
  input: ({ checked }) => <TaskBox checked={checked} />,
  table: ({ children }) => <ScrollingTable>{children}</ScrollingTable>,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};
const plugins = [remarkGfm];

/** One block of markdown; raw HTML in it is shown as text. */
export const MarkdownBlock = memo(function MarkdownBlock({ source }: { source: string }) {
  return (
    <Markdown remarkPlugins={plugins} components={components}>
      {source}
    </Markdown>
  );
});
