/** A dialog that is open as long as it is drawn. */
import { type RefObject, useLayoutEffect, useRef } from 'react';

/** For a `<dialog>`. The focus goes back where it was when the dialog goes: so it is closed before it is taken away. */
export function useDialog(): RefObject<HTMLDialogElement | null> {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = box.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return box;
}
