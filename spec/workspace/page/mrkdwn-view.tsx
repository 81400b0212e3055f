/** Text of messages and blocks, as Slack would show it to this person. */
import type { ReactNode } from 'react';
import { slackDate } from './moments.ts';
import { type Block, type Node, parseInline, parseMrkdwn } from './mrkdwn.ts';
import { parsePermalink } from './permalink.ts';
import { useAround, useNow } from './show.tsx';

export function Mrkdwn({ text }: { readonly text: string }) {
  return parseMrkdwn(text).map((block, at) => <Part key={at} block={block} />);
}

/** For places where only one line may be, as in a button or a label. */
export function InlineMrkdwn({ text }: { readonly text: string }) {
  return <Nodes nodes={parseInline(text)} />;
}

function Part({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'pre':
      return <pre className="pre">{block.text}</pre>;
    case 'quote':
      return (
        <blockquote className="quote">
          <Nodes nodes={block.inside} />
        </blockquote>
      );
    case 'paragraph':
      return (
        <p className="text">
          <Nodes nodes={block.inside} />
        </p>
      );
  }
}

function Nodes({ nodes }: { readonly nodes: readonly Node[] }) {
  return nodes.map((node, at) => <Leaf key={at} node={node} />);
}

function Leaf({ node }: { readonly node: Node }): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return <br />;
    case 'bold':
      return (
        <strong>
          <Nodes nodes={node.inside} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Nodes nodes={node.inside} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Nodes nodes={node.inside} />
        </s>
      );
    case 'code':
      return <code className="code">{node.text}</code>;
    case 'person':
      return <Mention id={node.id} />;
    case 'channel':
      return <ChannelLink id={node.id} label={node.label} />;
    case 'broadcast':
      return <span className="mention mention-me">@{node.word}</span>;
    case 'date':
      return <Moment at={node.at} form={node.form} fallback={node.fallback} />;
    case 'link':
      return <Link url={node.url}>{node.label}</Link>;
  }
}

export function Mention({ id }: { readonly id: string }) {
  const { names, me } = useAround();
  return <span className={id === me.id ? 'mention mention-me' : 'mention'}>@{names.person(id)}</span>;
}

export function ChannelLink({ id, label }: { readonly id: string; readonly label: string | null }) {
  const { client, names, seesChannel } = useAround();
  const text = `#${label === null || label === '' ? names.channel(id) : label}`;
  if (!seesChannel(id)) return <span className="mention">{text}</span>;
  return (
    <button type="button" className="mention mention-link" onClick={() => client.go({ channel: id })}>
      {text}
    </button>
  );
}

/** Stays true while the message stands: `{ago}` moves on with the show's clock. */
export function Moment({
  at,
  form,
  fallback,
}: {
  readonly at: number;
  readonly form: string;
  readonly fallback: string;
}) {
  const { me } = useAround();
  const now = useNow(form.includes('{ago}') ? 10_000 : 60_000);
  const { tz } = me;
  return (
    <time dateTime={new Date(at).toISOString()} title={slackDate(at, '{date_long} {time_secs}', now, tz)}>
      {slackDate(at, form, now, tz) || fallback}
    </time>
  );
}

/** Links to messages stay in the page; others open beside it. */
export function Link({ url, children }: { readonly url: string; readonly children: ReactNode }) {
  const { follow } = useAround();
  const place = parsePermalink(url);
  if (place !== null) {
    return (
      <button type="button" className="link" onClick={() => follow(place)}>
        {children}
      </button>
    );
  }
  if (!/^(https?|mailto):/i.test(url)) return children;
  return (
    <a className="link" href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
