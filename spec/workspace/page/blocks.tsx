/**
 * Block Kit, drawn by us. `slack-blocks-to-jsx` was tried: it turns `&lt;` back into `<` before it looks for tokens, so that
 * inert text of people becomes mentions and links, it parses plain text and headers too, and it has no way to press anything.
 */
import type { ReactNode } from 'react';
import type { Json } from '../wire.ts';
import { BlockElement, type Pressing } from './block-element.tsx';
import { withEmoji } from './emoji.ts';
import { InlineMrkdwn, Mrkdwn } from './mrkdwn-view.tsx';
import { RichText } from './rich-text.tsx';
import { isJson, listIn, textIn, wordsIn } from './shapes.ts';
import { useAround } from './show.tsx';

interface BlocksProps {
  readonly blocks: readonly Json[];
  readonly pressing: Pressing;
  /** The number of the request whose card this is: its number in the head leads to why it is as it is. */
  readonly requestNumber?: number | null;
  /** Draws an input block; in modals only. */
  readonly input?: (block: Json) => ReactNode;
}

export function Blocks({ blocks, pressing, requestNumber = null, input }: BlocksProps) {
  return (
    <div className="blocks">
      {blocks.map((block, at) => (
        <OneBlock
          key={textIn(block['block_id']) || at}
          block={block}
          pressing={pressing}
          requestNumber={requestNumber}
          {...(input === undefined ? {} : { input })}
        />
      ))}
    </div>
  );
}

function OneBlock({
  block,
  pressing,
  requestNumber,
  input,
}: Omit<BlocksProps, 'blocks'> & { readonly block: Json }): ReactNode {
  switch (block['type']) {
    case 'header':
      return <Header text={wordsIn(block['text'])} requestNumber={requestNumber ?? null} />;
    case 'section':
      return <Section block={block} pressing={pressing} />;
    case 'context':
      return <Context block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'divider':
      return <hr className="divider" />;
    case 'actions':
      return (
        <div className="actions">
          {listIn(block['elements']).map((element, at) => (
            <BlockElement
              key={at}
              element={element}
              blockId={textIn(block['block_id'])}
              pressing={pressing}
            />
          ))}
        </div>
      );
    case 'image':
      return <p className="text subtle">[Image: {textIn(block['alt_text'])}]</p>;
    case 'input':
      return input?.(block) ?? null;
    default:
      return <p className="text subtle">[{textIn(block['type'])}]</p>;
  }
}

/** `🔴 #12 · title`: the number is a button. */
function Header({ text, requestNumber }: { readonly text: string; readonly requestNumber: number | null }) {
  const label = `#${requestNumber}`;
  const at = requestNumber === null ? -1 : text.indexOf(label);
  if (requestNumber === null || at < 0) return <h3 className="head">{withEmoji(text)}</h3>;
  return (
    <h3 className="head">
      {withEmoji(text.slice(0, at))}
      <NumberButton number={requestNumber} />
      {withEmoji(text.slice(at + label.length))}
    </h3>
  );
}

export function NumberButton({ number }: { readonly number: number }) {
  const { explain } = useAround();
  return (
    <button
      type="button"
      className="number"
      aria-label={`Explain request #${number}`}
      title="Why is it as it is?"
      onClick={() => explain(number)}
    >
      #{number}
    </button>
  );
}

function TextObject({ text }: { readonly text: unknown }): ReactNode {
  if (!isJson(text)) return null;
  if (text['type'] === 'plain_text') return <p className="text as-is">{withEmoji(textIn(text['text']))}</p>;
  return <Mrkdwn text={textIn(text['text'])} />;
}

function Section({ block, pressing }: { readonly block: Json; readonly pressing: Pressing }) {
  const fields = listIn(block['fields']);
  const { accessory } = block;
  return (
    <div className="section">
      <div className="section-text">
        <TextObject text={block['text']} />
        {fields.length > 0 && (
          <div className="fields">
            {fields.map((field, at) => (
              <div key={at} className="field">
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {isJson(accessory) && (
        <BlockElement element={accessory} blockId={textIn(block['block_id'])} pressing={pressing} />
      )}
    </div>
  );
}

function Context({ block }: { readonly block: Json }) {
  return (
    <p className="context">
      {listIn(block['elements']).map((element, at) => (
        <span key={at} className="context-part">
          {element['type'] === 'image' ? (
            `[${textIn(element['alt_text'])}]`
          ) : element['type'] === 'plain_text' ? (
            withEmoji(textIn(element['text']))
          ) : (
            <InlineMrkdwn text={textIn(element['text'])} />
          )}
        </span>
      ))}
    </p>
  );
}
