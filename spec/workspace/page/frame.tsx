/** Which panes there are, and the keys that mean the same everywhere. */
import { useEffect, useEffectEvent, useState } from 'react';
import { Conversation } from './conversation.tsx';
import { ExplainPane } from './explain-pane.tsx';
import { Guide } from './guide.tsx';
import { HomeTab } from './home-tab.tsx';
import { PanelBar } from './panel-bar.tsx';
import { QuickSwitcher } from './quick-switcher.tsx';
import { useShow } from './show.tsx';
import { Sidebar } from './sidebar.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { TopBar } from './top-bar.tsx';
import { useNarrow } from './use-narrow.ts';
import { usePanel } from './use-panel.ts';
import { useTheme } from './use-theme.ts';

interface FrameProps {
  readonly flags: ReadonlySet<string>;
  readonly flag: (name: string) => void;
}

export function Frame({ flags, flag }: FrameProps) {
  const { state, place, link, client } = useShow();
  const { kind, isUp, isAt } = state.stage;
  const isLive = kind !== 'export';
  const { panel, history } = usePanel(isLive && link === 'live');
  const theme = useTheme();
  const isNarrow = useNarrow();
  const [isGuideOpen, setGuideOpen] = useState(true);
  const [isPanelOpen, setPanelOpen] = useState(false);
  const [isListOpen, setListOpen] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const number = place.request;
  const endExplaining = (): void => client.explain(null);
  const hasThread = place.thread !== null;
  const hasSide = hasThread || number !== null;
  const hasGuide = isLive && isGuideOpen;

  // The show “Faults” is about how TrIAge is.
  useEffect(() => setPanelOpen(kind === 'faults' && !isNarrow), [kind, isNarrow]);
  const pressed = useEffectEvent((event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      setSearching(true);
    }
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    // Menus and dialogs close themselves first.
    if (document.querySelector(':popover-open, dialog[open]') !== null) return;
    if (number !== null) endExplaining();
    else if (hasThread) client.go({ thread: null });
    else setListOpen(false);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => pressed(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  const back = (): void => setListOpen(true);
  return (
    <div className="frame" data-list={isListOpen} data-side={hasSide}>
      <TopBar
        isGuideOpen={isGuideOpen}
        toggleGuide={() => setGuideOpen(!isGuideOpen)}
        isDark={theme.isDark}
        toggleDark={theme.toggle}
        flag={flag}
      />
      {link === 'lost' && (
        <p className="banner" role="alert">
          The demo has ended: nothing answers. Start it again with npm run demo.
        </p>
      )}
      {link === 'live' && isLive && !isUp && (
        <p className="banner banner-calm" role="status">
          {isAt ?? 'The daemon is not connected to Slack; what is written now waits for it'}
        </p>
      )}
      <div className="body">
        <Sidebar chosen={() => setListOpen(false)} search={() => setSearching(true)} />
        {place.isHome ? <HomeTab back={back} /> : <Conversation back={back} />}
        {(hasSide || hasGuide) && (
          <div className="right">
            {hasGuide && (
              <Guide
                key={state.show}
                panel={panel}
                flags={flags}
                flag={flag}
                isCompact={hasSide || isNarrow}
                close={() => setGuideOpen(false)}
              />
            )}
            {number !== null ? (
              <ExplainPane number={number} close={endExplaining} />
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
