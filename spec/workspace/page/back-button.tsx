/** Where one pane is seen at a time: the way back to the list. */
import { BackIcon } from './icons.tsx';

export function BackButton({ back }: { readonly back: () => void }) {
  return (
    <button type="button" className="icon-button only-narrow" aria-label="Back to channels" onClick={back}>
      <BackIcon />
    </button>
  );
}
