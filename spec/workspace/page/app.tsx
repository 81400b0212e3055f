/** The page as a whole: which panes there are, and what all of them need. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Announcer } from './announcer.tsx';
import type { Client } from './client.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Conversation } from './conversation.tsx';
import { ExplainPane } from './explain-pane.tsx';
import { Guide } from './guide.tsx';
import { HomeTab } from './home-tab.tsx';
import { Modal } from './modal.tsx';
import { PanelBar } from './panel-bar.tsx';
import type { MessagePlace } from './permalink.ts';
import { hashOf, placeOfHash, samePlace } from './place.ts';
import { QuickSwitcher } from './quick-switcher.tsx';
import { type Question, type Show, ShowProvider, setClock } from './show.tsx';
import { Sidebar } from './sidebar.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { TopBar } from './top-bar.tsx';
import { usePanel } from './use-panel.ts';
import { useTheme } from './use-theme.ts';

interface Asked {
  readonly question: Question;
  readonly answer: (isYes: boolean) => void;
}

export function App({ client }: { readonly client: Client }) {
  const snapshot = useSyncExternalStore(client.subscribe, client.snapshot);
  const { state, place, link, cameAt } = snapshot;
  const [number, setNumber] = useState<number | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [flags, setFlags] = useState<ReadonlySet<string>>(new Set());
  const theme = useTheme();

  const flag = useCallback((name: string) => setFlags((all) => new Set([...all, name])), []);
  const explain = useCallback(
    (next: number) => {
      setNumber(next);
      flag('explain');
    },
    [flag],
  );
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
  const follow = useCallback(
    ({ channel, ts, thread }: MessagePlace) => client.go({ channel, thread }, ts),
    [client],
  );

  useEffect(() => {
    if (state !== null)
      setClock(state.stage.now, cameAt, state.stage.skipsTo === null ? state.stage.speed : 0);
  }, [state, cameAt]);

  // The address follows, and leads back.
  useEffect(() => {
    if (state === null) return;
    const hash = hashOf(place);
    if (samePlace(place, placeOfHash(location.hash))) return;
    if (location.hash === '') history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
  }, [place, state]);
  useEffect(() => {
    const back = (): void => client.go(placeOfHash(location.hash));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, [client]);

  const names = useMemo(() => {
    const people = new Map(state?.people.map((each) => [each.id, each.realName]));
    const channels = new Map(state?.channels.map((each) => [each.id, each.name]));
    return {
      person: (id: string) => people.get(id) ?? id,
      channel: (id: string) => channels.get(id) ?? 'a private channel',
    };
  }, [state?.people, state?.channels]);

  const show = useMemo((): Show | null => {
    if (state === null) return null;
    const people = new Map(state.people.map((each) => [each.id, each]));
    return { ...snapshot, state, client, names, person: (id) => people.get(id), follow, explain, confirm };
  }, [snapshot, state, client, names, follow, explain, confirm]);

  if (show === null) {
    return (
      <p className="loading whole" role="status">
        {link === 'live' ? 'Loading…' : 'The demo has ended. Start it again with npm run demo.'}
      </p>
    );
  }
  return (
    <ShowProvider show={show}>
      <Frame number={number} setNumber={setNumber} flags={flags} flag={flag} show={show} theme={theme} />
      <TopView show={show} />
      {asked !== null && <ConfirmDialog question={asked.question} answer={asked.answer} />}
      <Announcer />
    </ShowProvider>
  );
}

function TopView({ show: { state } }: { readonly show: Show }) {
  const view = state.views.at(-1);
  return view === undefined ? null : <Modal key={view.id} view={view} depth={state.views.length} />;
}

interface FrameProps {
  readonly show: Show;
  readonly number: number | null;
  readonly setNumber: (number: number | null) => void;
  readonly flags: ReadonlySet<string>;
  readonly flag: (name: string) => void;
  readonly theme: ReturnType<typeof useTheme>;
}

function Frame({ show, number, setNumber, flags, flag, theme }: FrameProps) {
  const { state, place, link, client } = show;
  const { kind, isUp, isAt } = state.stage;
  const isLive = kind !== 'export';
  const { panel, history } = usePanel(isLive && link === 'live');
  const [isGuideOpen, setGuideOpen] = useState(true);
  const [isPanelOpen, setPanelOpen] = useState(false);
  const [isListOpen, setListOpen] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const hasThread = place.thread !== null;
  const hasSide = hasThread || number !== null;
  const hasGuide = isLive && isGuideOpen;

  // The show “Faults” is about how TrIAge is.
  useEffect(() => setPanelOpen(kind === 'faults'), [kind]);
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setSearching(true);
      }
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  const escape = (event: KeyboardEvent): void => {
    // Menus, dialogs and lists of offers close themselves first.
    if (
      event.key !== 'Escape' ||
      event.defaultPrevented ||
      document.querySelector(':popover-open, dialog[open]') !== null
    )
      return;
    if (number !== null) setNumber(null);
    else if (hasThread) client.go({ thread: null });
    else setListOpen(false);
  };

  return (
    <div
      className="frame"
      data-list={isListOpen}
      data-side={hasSide}
      data-guide={hasGuide}
      onKeyDown={escape}
    >
      <TopBar
        isGuideOpen={isGuideOpen}
        toggleGuide={() => setGuideOpen(!isGuideOpen)}
        isDark={theme.isDark}
        toggleDark={theme.toggle}
        flag={flag}
      />
      {link === 'lost' && (
        <p className="banner" role="alert">
          The demo has ended, or is being started again: nothing answers. This page goes on by itself once it
          does.
        </p>
      )}
      {link === 'live' && isLive && !isUp && (
        <p className="banner banner-calm" role="status">
          {isAt ?? 'The daemon is not connected to Slack; what is written now waits for it'}…
        </p>
      )}
      <div className="body">
        <Sidebar chosen={() => setListOpen(false)} search={() => setSearching(true)} />
        {place.isHome ? (
          <HomeTab back={() => setListOpen(true)} />
        ) : (
          <Conversation back={() => setListOpen(true)} />
        )}
        {(hasSide || hasGuide) && (
          <div className="right">
            {hasGuide && (
              <Guide
                panel={panel}
                flags={flags}
                flag={flag}
                isCompact={hasSide}
                close={() => setGuideOpen(false)}
              />
            )}
            {number !== null ? (
              <ExplainPane number={number} close={() => setNumber(null)} />
            ) : (
              hasThread && <ThreadPane />
            )}
          </div>
        )}
      </div>
      {isLive && (
        <PanelBar
          panel={panel}
          history={history}
          isOpen={isPanelOpen}
          toggle={() => setPanelOpen(!isPanelOpen)}
        />
      )}
      {isSearching && <QuickSwitcher close={() => setSearching(false)} />}
    </div>
  );
}
