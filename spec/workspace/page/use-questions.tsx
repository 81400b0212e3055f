/** Questions before something is done: one at a time, each answered by a dialog. */
import { type ReactNode, useCallback, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { Question } from './show.tsx';

interface Asked {
  readonly question: Question;
  readonly answer: (isYes: boolean) => void;
}

export function useQuestions(): { confirm: (question: Question) => Promise<boolean>; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null);
  const confirm = useCallback(
    (question: Question) =>
      new Promise<boolean>((resolve) => {
        setAsked({
          question,
          answer: (isYes) => {
            setAsked(null);
            resolve(isYes);
          },
        });
      }),
    [],
  );
  return {
    confirm,
    dialog: asked === null ? null : <ConfirmDialog question={asked.question} answer={asked.answer} />,
  };
}
