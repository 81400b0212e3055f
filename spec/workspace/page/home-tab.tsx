/** The app's own tab. */
import { Avatar } from './avatar.tsx';
import { BackButton } from './back-button.tsx';
import { Blocks } from './blocks.tsx';
import { useShow } from './show.tsx';

export function HomeTab({ back }: { readonly back: () => void }) {
  const { state, client } = useShow();
  const { home } = state;
  const press = (actionId: string, value: string | null) =>
    home === null ? Promise.resolve(null) : client.do({ do: 'pressInView', view: home.id, actionId, value });
  return (
    <main className="pane main" aria-label="TrIAge Home tab">
      <header className="pane-head">
        <BackButton back={back} />
        <Avatar id="home" name="TrIAge" isBot isSmall />
        <h1 className="pane-title">TrIAge</h1>
        <span className="pane-about">Home</span>
      </header>
      {home === null ? (
        <div className="beginning">
          <h2>The Home tab is off</h2>
          <p>
            TrIAge has none in this version: requests live in the channels and in your direct messages with
            it. Once it has one, it is shown here.
          </p>
        </div>
      ) : (
        <div className="home">
          <Blocks
            blocks={home.body.blocks}
            pressing={{
              press: (_, actionId, option) => press(actionId, option ?? null),
              choose: (_, actionId, value) => press(actionId, value),
            }}
          />
        </div>
      )}
    </main>
  );
}
