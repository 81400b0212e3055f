/** `npm run screenshots`: takes the pictures that README shows, anew, into docs/images. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFaultsStage } from '../workspace/demo/stage-faults.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message, Person } from '../workspace/wire.ts';
import type { Desk } from './desk.ts';
import { Looking } from './looking.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images', import.meta.url));
const NARROW = { viewport: { width: 400, height: 800 }, colorScheme: 'dark' } as const;

function person(slack: LocalSlack, name: string): Person {
  const found = [...slack.world.people.values()].find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function channel(slack: LocalSlack, name: string): Channel {
  const found = [...slack.world.channels.values()].find((each) => each.name === name && !each.isIm);
  if (found === undefined) throw new Error(`there is no #${name}`);
  return found;
}

function cardOf(slack: LocalSlack, words: string): Promise<Message> {
  const triage = channel(slack, 'triage-it');
  return slack.waitFor(
    () =>
      slack
        .messages(triage)
        .find(
          (one) =>
            one.user === slack.botUserId &&
            one.blocks?.[0]?.['type'] === 'header' &&
            textOf(one).includes(words),
        ),
    `the card of “${words}”`,
    30_000,
  );
}

async function take(desk: Desk, name: string): Promise<void> {
  // What is being loaded or moves comes to rest.
  await desk.page.waitForTimeout(700);
  await desk.page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

async function ofTime(): Promise<void> {
  const looking = new Looking();
  await looking.start(openTimeStage);
  try {
    await looking.up();
    const { slack } = looking.stage;
    const [uli, zoe, ana] = [person(slack, 'uli'), person(slack, 'zoe'), person(slack, 'ana')];
    const [help, triage] = [channel(slack, 'help-it'), channel(slack, 'triage-it')];
    const vpn = slack.say(uli, help, '🟠 VPN drops every few minutes. Since this morning, on every network.');
    const card = await cardOf(slack, 'VPN drops');
    await slack.press(ana, { channel: triage.id, ts: card.ts }, 'Take it');
    slack.say(ana, help, 'I see it on our side too. Does it come back by itself?', { threadTs: vpn });
    slack.say(uli, help, 'After a minute or so, yes.', { threadTs: vpn });
    const asked = slack.dm(zoe, 'My badge does not open the lab any more. Can somebody look?');
    const badge = await cardOf(slack, 'My badge');
    await slack.press(ana, { channel: triage.id, ts: badge.ts }, 'Take it');
    slack.say(ana, triage, 'Since when? I can see nothing wrong with it.', { threadTs: badge.ts });
    await slack.waitFor(
      () => slack.thread(slack.dmOf(zoe), asked).length > 2,
      'the question in the DM',
      20_000,
    );
    slack.dm(zoe, 'Since Friday evening.', { threadTs: asked });
    slack.say(zoe, help, 'The printer on floor 2 eats paper');
    await cardOf(slack, 'eats paper');

    const desk = await looking.open();
    await desk.press('Close guide', desk.guide);
    await desk.at('Ana', 'triage-it');
    await desk.openThread(desk.card(2));
    await desk.thread.getByText('Since Friday evening.').waitFor();
    await take(desk, 'triage-channel');
    const narrow = await looking.open(NARROW);
    await narrow.press('Close guide', narrow.guide);
    await narrow.page.goto(desk.page.url());
    await take(narrow, 'narrow');

    // The printer's: the person on duty is asked after an hour, the next after another.
    const told = (name: string): boolean =>
      slack.messages(slack.dmOf(person(slack, name))).some((one) => textOf(one).includes('eats paper'));
    for (let steps = 0; !(told('ana') && told('ben')) && steps < 8; steps += 1) {
      await looking.stage.time({ skip: 'next' });
      await slack.waitFor(() => looking.stage.seen().skipsTo === null, 'the skip to end', 30_000);
    }
    await desk.as('Ben');
    await desk.page.keyboard.press('Escape');
    await desk.goTo('TrIAge');
    await desk.press('Guide');
    await take(desk, 'ladder');
    await desk.press('Guide');
    await desk.at('Ana', 'triage-it');
    await desk.number(1).click();
    await desk.explanation.getByRole('listitem').first().waitFor();
    await take(desk, 'explain');
  } finally {
    await looking.close();
  }
}

async function ofFaults(): Promise<void> {
  const looking = new Looking();
  await looking.start(openFaultsStage);
  try {
    await looking.up();
    const { slack } = looking.stage;
    const help = channel(slack, 'help-it');
    slack.say(person(slack, 'uli'), help, 'The printer on floor 2 eats paper');
    await cardOf(slack, 'eats paper');
    const desk = await looking.open();
    await desk.at('Ana', 'triage-it');
    await looking.stage.trouble({ once: 'killDaemon' });
    slack.say(person(slack, 'zoe'), help, 'And the coffee machine is out of order');
    slack.say(person(slack, 'uli'), help, '🔴 Smoke in the server room');
    for (const number of [2, 3]) await desk.card(number).waitFor({ timeout: 40_000 });
    await desk.panel.getByRole('button', { name: /^Ready/ }).waitFor({ timeout: 40_000 });
    await desk.figureIs('Outbox', /^0 /);
    await take(desk, 'faults');
  } finally {
    await looking.close();
  }
}

await mkdir(FOLDER, { recursive: true });
await ofTime();
await ofFaults();
