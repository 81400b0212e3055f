/** Ctrl+K: to any channel, or into anybody's shoes. */
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useShow } from './show.tsx';
import { useDialog } from './use-dialog.ts';

interface Target {
  readonly label: string;
  readonly about: string;
  readonly go: () => void;
}

export function QuickSwitcher({ close }: { readonly close: () => void }) {
  const { state, client } = useShow();
  const id = useId();
  const box = useDialog();
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState(0);

  const verb = state.stage.kind === 'export' ? 'read' : 'post';
  const all: readonly Target[] = [
    ...state.channels.map(({ id: channel, name, isIm }) => ({
      label: isIm ? name : `#${name}`,
      about: isIm ? 'direct message' : 'channel',
      go: () => client.go({ channel }),
    })),
    ...state.people
      .filter(({ isBot, id: person }) => !isBot && person !== state.me.id)
      .map(({ id: person, realName, part }) => ({
        label: realName,
        about: `${verb} as them${part === '' ? '' : ` · ${part}`}`,
        go: () => client.become(person),
      })),
  ];
  const found = all.filter(({ label }) =>
    label.toLowerCase().includes(wanted.trim().toLowerCase().replace(/^[#@]/, '')),
  );
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);
  const take = (target: Target | undefined): void => {
    if (target === undefined) return;
    close();
    target.go();
  };
  const typed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(found[chosen]);
    }
  };
  return (
    <dialog
      ref={box}
      className="dialog dialog-small switcher"
      aria-label="Go to"
      onCancel={close}
      onClick={(event) => {
        if (event.target === box.current) close();
      }}
    >
      <input
        className="control"
        role="combobox"
        aria-label="Go to a channel or person"
        placeholder="Go to a channel or person…"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={`${id}-${chosen}`}
        autoFocus
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setChosen(0);
        }}
        onKeyDown={typed}
      />
      <ul id={id} role="listbox" aria-label="Places" className="switcher-list">
        {found.map((target, at) => (
          <li
            key={`${target.label} ${target.about}`}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === chosen}
            className="completion-offer"
            onMouseMove={() => setChosen(at)}
            onClick={() => take(target)}
          >
            <span>{target.label}</span>
            <span className="completion-about">{target.about}</span>
          </li>
        ))}
        {found.length === 0 && <li className="subtle">Nothing of that name.</li>}
      </ul>
    </dialog>
  );
}
