/** What the composer offers, above it. */
import type { Completion, Offer } from './completion.ts';

interface ListProps {
  readonly id: string;
  readonly completion: Completion;
  readonly chosen: number;
  readonly choose: (at: number) => void;
  readonly take: (offer: Offer) => void;
}

export function CompletionList({ id, completion, chosen, choose, take }: ListProps) {
  return (
    <div className="completion">
      <p className="completion-title">{completion.title}</p>
      <ul id={id} role="listbox" aria-label={completion.title}>
        {completion.offers.map((offer, at) => (
          <li
            key={offer.label}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === chosen}
            className="completion-offer"
            onMouseMove={() => choose(at)}
            // The text keeps its focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(offer);
            }}
          >
            <span className="completion-sign" aria-hidden="true">
              {offer.sign}
            </span>
            <span>{offer.label}</span>
            <span className="completion-about">{offer.about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
