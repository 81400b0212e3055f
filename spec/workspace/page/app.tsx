/** The page as a whole: what all of its parts are drawn with. */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Announcer } from './announcer.tsx';
import type { Client } from './client.ts';
import { Frame } from './frame.tsx';
import { flagsOf, keepFlags } from './guide-memory.ts';
import { Modal } from './modal.tsx';
import type { MessagePlace } from './permalink.ts';
import { type Around, type Show, ShowProvider } from './show.tsx';
import { useAddress } from './use-address.ts';
import { useQuestions } from './use-questions.tsx';

export function App({ client }: { readonly client: Client }) {
  const snapshot = useSyncExternalStore(client.subscribe, client.snapshot);
  const { state, link } = snapshot;
  const [flags, setFlags] = useState<ReadonlySet<string>>(new Set());
  const { confirm, dialog } = useQuestions();
  useAddress(client, snapshot);

  const flag = useCallback((name: string) => setFlags((all) => new Set([...all, name])), []);
  const explain = useCallback(
    (next: number) => {
      client.explain(next);
      flag('explain');
    },
    [client, flag],
  );
  const follow = useCallback(
    ({ channel, ts, thread }: MessagePlace) => client.go({ channel, thread }, ts),
    [client],
  );
  // Another show begins with nothing done: before it is drawn, since its guide goes by that.
  const nth = state?.show;
  const [drawn, setDrawn] = useState(nth);
  if (nth !== drawn) {
    setDrawn(nth);
    setFlags(new Set(nth === undefined ? [] : flagsOf(nth)));
  }
  useEffect(() => {
    if (drawn !== undefined) keepFlags(drawn, flags);
  }, [drawn, flags]);

  const me = state?.me;
  const people = state?.people;
  const shortcuts = state?.shortcuts;
  const kind = state?.stage.kind;
  const channelNames = JSON.stringify(state?.channels.map(({ id, name }) => [id, name]) ?? []);
  const around = useMemo((): Around | null => {
    if (me === undefined || people === undefined || shortcuts === undefined || kind === undefined)
      return null;
    const byId = new Map(people.map((each) => [each.id, each]));
    const channels = new Map(JSON.parse(channelNames) as readonly (readonly [string, string])[]);
    return {
      client,
      me,
      people,
      shortcuts,
      kind,
      follow,
      explain,
      confirm,
      person: (id) => byId.get(id),
      seesChannel: (id) => channels.has(id),
      names: {
        person: (id) => byId.get(id)?.realName ?? id,
        channel: (id) => channels.get(id) ?? 'a private channel',
      },
    };
  }, [client, me, people, shortcuts, kind, channelNames, follow, explain, confirm]);

  const show = useMemo(
    (): Show | null => (state === null || around === null ? null : { ...snapshot, ...around, state }),
    [snapshot, state, around],
  );

  if (show === null || around === null) {
    return (
      <p className="loading whole" role="status">
        {link === 'live' ? 'Loading…' : 'The demo has ended. Start it again with npm run demo.'}
      </p>
    );
  }
  return (
    <ShowProvider show={show} around={around}>
      <Frame flags={flags} flag={flag} />
      <TopView show={show} />
      {dialog}
      <Announcer />
    </ShowProvider>
  );
}

function TopView({ show: { state } }: { readonly show: Show }) {
  const view = state.views.at(-1);
  return view === undefined ? null : <Modal key={view.id} view={view} depth={state.views.length} />;
}
