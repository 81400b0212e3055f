/** The app's modal on top of the stack: what it asks, what is wrong with the answers, and how to leave it. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { ViewSeen } from '../face/wire.ts';
import { Blocks } from './blocks.tsx';
import { CloseIcon } from './icons.tsx';
import { ModalInput } from './modal-input.tsx';
import { initialValues, type Value } from './modal-values.ts';
import { textIn, wordsIn } from './shapes.ts';
import { useShow } from './show.tsx';
import { useDialog } from './use-dialog.ts';

export function Modal({ view, depth }: { readonly view: ViewSeen; readonly depth: number }) {
  const { client, trouble } = useShow();
  const id = useId();
  const box = useDialog();
  const [values, setValues] = useState<Readonly<Record<string, Value>>>(() => initialValues(view));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const isLeft = useRef(false);

  useEffect(() => {
    box.current
      ?.querySelector<HTMLElement>('.dialog-body input, .dialog-body textarea, .dialog-body select')
      ?.focus();
  }, [box]);

  // Once: the browser may tell of one Esc twice.
  const leave = async (): Promise<void> => {
    if (isLeft.current) return;
    isLeft.current = true;
    isLeft.current = (await client.do({ do: 'dismiss', view: view.id })) !== null;
  };
  const dismiss = (): void => void leave();

  const submit = async (): Promise<void> => {
    setBusy(true);
    const done = await client.do({ do: 'submit', view: view.id, values });
    setBusy(false);
    const wrong = done?.errors ?? {};
    setErrors(wrong);
    const first = Object.keys(wrong)[0];
    if (first !== undefined)
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };

  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!isBusy) void submit();
  };

  const title = wordsIn(view.body['title']) || 'Form';
  const submitLabel = wordsIn(view.body['submit']);
  const closeLabel = wordsIn(view.body['close']) || 'Cancel';
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault();
        dismiss();
      }}
    >
      <form className="dialog-form" onSubmit={send} noValidate>
        <header className="dialog-head">
          <h2 id={`${id}-title`} className="dialog-title">
            {title}
          </h2>
          <button
            type="button"
            className="icon-button"
            aria-label={depth > 1 ? 'Back' : 'Close'}
            onClick={dismiss}
          >
            <CloseIcon />
          </button>
        </header>
        <div className="dialog-body">
          <Blocks
            blocks={view.body.blocks}
            pressing={{
              press: (_, actionId, option) =>
                client.do({ do: 'pressInView', view: view.id, actionId, value: option ?? null }),
              choose: (_, actionId, value) =>
                client.do({ do: 'pressInView', view: view.id, actionId, value }),
            }}
            input={(block) => {
              const blockId = textIn(block['block_id']);
              return (
                <ModalInput
                  block={block}
                  value={values[blockId] ?? null}
                  error={errors[blockId] ?? null}
                  change={(value) => {
                    setValues((all) => ({ ...all, [blockId]: value }));
                    setErrors(({ [blockId]: _fixed, ...rest }) => rest);
                  }}
                />
              );
            }}
          />
        </div>
        {trouble !== null && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={dismiss}>
            {closeLabel}
          </button>
          {submitLabel !== '' && (
            <button type="submit" className="button button-primary" aria-busy={isBusy}>
              {submitLabel}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
