/** A question before something is done. */
import { useId } from 'react';
import type { Question } from './show.tsx';
import { useDialog } from './use-dialog.ts';

export function ConfirmDialog({
  question,
  answer,
}: {
  readonly question: Question;
  readonly answer: (isYes: boolean) => void;
}) {
  const box = useDialog();
  const id = useId();
  return (
    <dialog
      ref={box}
      className="dialog dialog-small"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id={`${id}-title`} className="dialog-title">
        {question.title}
      </h2>
      <p id={`${id}-text`} className="dialog-text">
        {question.text}
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => answer(false)}>
          {question.deny}
        </button>
        <button
          type="button"
          className={question.isDangerous ? 'button button-danger' : 'button button-primary'}
          onClick={() => answer(true)}
        >
          {question.confirm}
        </button>
      </div>
    </dialog>
  );
}
