/** Rich text: leaves are shown as they are, whatever they look like. */
import type { ReactNode } from 'react';
import type { Json } from '../wire.ts';
import { emojiOf } from './emoji.ts';
import { ChannelLink, Link, Mention, Moment } from './mrkdwn-view.tsx';
import { isJson, listIn, textIn } from './shapes.ts';

export function RichText({ block }: { readonly block: Json }) {
  return (
    <div className="rich">
      {listIn(block['elements']).map((part, at) => (
        <RichPart key={at} part={part} />
      ))}
    </div>
  );
}

function RichPart({ part }: { readonly part: Json }) {
  const inside = listIn(part['elements']);
  switch (part['type']) {
    case 'rich_text_quote':
      return (
        <blockquote className="quote">
          <Leaves leaves={inside} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre className="pre">
          <Leaves leaves={inside} />
        </pre>
      );
    case 'rich_text_list': {
      const items = inside.map((item, at) => (
        <li key={at}>
          <Leaves leaves={listIn(item['elements'])} />
        </li>
      ));
      return part['style'] === 'ordered' ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    default:
      return (
        <p className="text">
          <Leaves leaves={inside} />
        </p>
      );
  }
}

function Leaves({ leaves }: { readonly leaves: readonly Json[] }) {
  return leaves.map((leaf, at) => <Leaf key={at} leaf={leaf} />);
}

function Leaf({ leaf }: { readonly leaf: Json }): ReactNode {
  const style = isJson(leaf['style']) ? leaf['style'] : {};
  let shown = plain(leaf);
  if (style['code'] === true) shown = <code className="code">{shown}</code>;
  if (style['bold'] === true) shown = <strong>{shown}</strong>;
  if (style['italic'] === true) shown = <em>{shown}</em>;
  if (style['strike'] === true) shown = <s>{shown}</s>;
  return shown;
}

function plain(leaf: Json): ReactNode {
  switch (leaf['type']) {
    case 'user':
      return <Mention id={textIn(leaf['user_id'])} />;
    case 'channel':
      return <ChannelLink id={textIn(leaf['channel_id'])} label={null} />;
    case 'broadcast':
      return <span className="mention mention-me">@{textIn(leaf['range'])}</span>;
    case 'emoji':
      return emojiOf(textIn(leaf['name'])) ?? `:${textIn(leaf['name'])}:`;
    case 'link':
      return <Link url={textIn(leaf['url'])}>{textIn(leaf['text']) || textIn(leaf['url'])}</Link>;
    case 'date':
      return (
        <Moment
          at={Number(leaf['timestamp']) * 1000}
          form={textIn(leaf['format'])}
          fallback={textIn(leaf['fallback'])}
        />
      );
    default:
      return <span className="as-is">{textIn(leaf['text'])}</span>;
  }
}
