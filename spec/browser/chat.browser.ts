import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import type { Channel } from '../workspace/wire.ts';
import { lookingAt } from './looking.ts';

describe('the page is used as a team chat is', () => {
  const at = lookingAt(openTimeStage);

  it('opens a link to elsewhere beside the page, which stays', async () => {
    at.expect(/asked for https:\/\/example\.com\//);
    const desk = await at.open();
    await desk.at('Zoe', 'general');
    await desk.write('As it says at https://example.com/how-to?step=2');
    const link = desk.message('As it says at').getByRole('link');
    const [beside] = await Promise.all([desk.page.waitForEvent('popup'), link.click()]);
    expect(await link.getAttribute('href')).to.equal('https://example.com/how-to?step=2');
    expect(await beside.evaluate('window.opener')).to.equal(null);
    await desk.message('As it says at').waitFor();
  });

  it('asks by a mention, in whatever channel the bot is', async () => {
    at.stage.slack.channels.add({ name: 'floor-3', members: ['zoe', 'ana'].map(idOf) });
    const desk = await at.open();
    await desk.at('Zoe', 'floor-3');
    const composer = desk.composer();
    await composer.pressSequentially('@tri');
    await desk.page.getByRole('option', { name: /TrIAge/ }).waitFor();
    await composer.press('Enter');
    await composer.pressSequentially('🔴 The door is open');
    await composer.press('Enter');
    await desk.at('Ana', 'triage-it');
    const card = desk.message('The door is open');
    await card.getByText(/^Priority\s*🔴 urgent$/).waitFor();
    await desk.press('Not a request', card);
    await card.getByText(/^Status\s*not a request$/).waitFor();
    await desk.press('Undo', card);
    await card.getByText(/^Status\s*new$/).waitFor();
  });

  it('tells whoever asks TrIAge where it is not, nobody else, and invites it', async () => {
    at.stage.slack.channels.add({ name: 'floor-4', members: ['zoe', 'uli'].map(idOf), bot: false });
    const desk = await at.open();
    await desk.at('Zoe', 'floor-4');
    const notice = desk.main.getByRole('status').filter({ hasText: 'You mentioned @TrIAge' });
    await desk.write('@TrIAge I need a new mouse');
    await notice.getByText('Only visible to you').waitFor();
    await desk.as('Uli');
    await desk.message('I need a new mouse').waitFor();
    expect(await notice.count()).to.equal(0);
    await desk.as('Zoe');
    await desk.press('Not now', notice);
    await notice.waitFor({ state: 'detached' });
    await desk.openThread(desk.message('I need a new mouse'));
    await desk.write('@TrIAge please', desk.thread);
    await desk.thread.getByRole('status').filter({ hasText: 'You mentioned' }).waitFor();
    expect(await notice.count()).to.equal(0);
    await desk.write('@TrIAge hello?');

    await desk.press('Invite TrIAge', notice);

    await notice.waitFor({ state: 'detached' });
    expect(await desk.thread.getByText('You mentioned').count()).to.equal(0);
    await desk.message('has joined the channel').waitFor();
    await desk.write('@TrIAge I need a new screen');
    await desk
      .message('I need a new screen')
      .getByRole('button', { name: /^1 reply/ })
      .waitFor();
    expect(await notice.count()).to.equal(0);
    await desk.at('Ana', 'triage-it');
    await desk.message('I need a new screen').waitFor();
  });

  it('captures with 🎫, takes with 👀 and resolves with ✅, by the message’s own buttons and the picker', async () => {
    const desk = await at.open();
    const { slack } = at.stage;
    const room = slack.channels.add({ name: 'floor-2', members: ['zoe', 'ana'].map(idOf) });
    slack.say(idOf('zoe'), room, 'The tap drips');
    await desk.at('Zoe', 'floor-2');
    const message = desk.message('The tap drips');
    await desk.press('React with :ticket:', await desk.tools(message));
    await message.getByRole('button', { name: /you reacted with :ticket:/ }).waitFor();
    await desk.at('Ana', 'floor-2');
    await desk.press('React with :eyes:', await desk.tools(message));
    await desk.goTo('triage-it');
    const card = desk.message('The tap drips');
    await card.getByText(/^Owner\s*Ana$/).waitFor();
    await desk.goTo('floor-2');
    await desk.choose('Add another reaction', ':white_check_mark:', await desk.tools(message));
    await desk.goTo('triage-it');
    await card.getByText(/^Status\s*resolved$/).waitFor();
    await desk.goTo('floor-2');

    await desk.press('you reacted with :white_check_mark:', message);

    await desk.goTo('triage-it');
    await card.getByText(/^Status\s*in progress$/).waitFor();
  });

  it('adds any emoji, counts them, and takes one’s own back', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'general');
    const message = desk.message('Exactly. Each ask gets a number');
    await desk.choose('Add another reaction', ':tada:', await desk.tools(message));
    await message.getByRole('button', { name: 'you reacted with :tada:', pressed: true }).waitFor();
    await desk.as('Ben');
    const reaction = message.getByRole('button', { name: /reacted with :tada:/ });
    await reaction.click();
    await message.getByRole('button', { name: 'Uli Brandt, you reacted with :tada:' }).waitFor();
    expect(await reaction.innerText()).to.match(/2$/);
    await reaction.click();
    await message.getByRole('button', { name: 'Uli Brandt reacted with :tada:', pressed: false }).waitFor();
    await desk.press('React with :+1:', await desk.tools(message));
    await message.getByRole('button', { name: 'you reacted with :+1:' }).waitFor();
  });

  it('makes a request of any message by its menu', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'help-it');
    await desk.choose(
      'More message actions',
      /^Triage this/,
      await desk.tools(desk.message('Whom do I ask about the beamer')),
    );
    await desk.at('Ana', 'triage-it');
    const card = desk.message('Whom do I ask about the beamer');
    await card.getByText(/^Status\s*new$/).waitFor();
    await card.getByText('Uli', { exact: true }).waitFor();
  });

  it('makes a request with a form, from anywhere', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'general');
    await desk.choose('Shortcuts', /^New request/, desk.main);
    const form = desk.page.getByRole('dialog', { name: 'New request' });
    await form.getByLabel('What do you need?').fill('A second screen, please');
    await form.getByLabel('Priority').selectOption({ label: '⚪ low' });
    await desk.press('Ask', form);
    await form.waitFor({ state: 'detached' });
    await desk.at('Ana', 'triage-it');
    await desk.message('A second screen, please').getByText('⚪ low').waitFor();
  });

  it('edits and deletes one’s own message, and the card follows', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    await desk.write('The printer eats papper');
    const message = desk.message('The printer eats');
    await desk.choose('More message actions', 'Edit message', await desk.tools(message));
    const editor = desk.main.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('nonsense');
    await desk.press('Cancel', desk.main);
    await message.waitFor();
    await desk.choose('More message actions', 'Edit message', await desk.tools(message));
    await editor.fill('The printer eats paper');
    await desk.press('Save', desk.main);
    await message.getByText('(edited)').waitFor();
    await desk.at('Ana', 'triage-it');
    const card = desk.message('The printer eats paper');
    await card.waitFor();

    await desk.at('Uli', 'help-it');
    await desk.choose('More message actions', 'Delete message…', await desk.tools(message));
    await desk.press('Cancel', desk.dialog);
    await desk.choose('More message actions', 'Delete message…', await desk.tools(message));
    await desk.press('Delete', desk.dialog);

    await message.getByText('The printer eats paper').waitFor({ state: 'detached' });
    await desk.at('Ana', 'triage-it');
    await card.waitFor({ state: 'detached' });
  });

  it('sends a reply to the channel too, when asked to', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'general');
    await desk.openThread(desk.message('From today on TrIAge keeps track'));
    await desk.thread.getByRole('checkbox', { name: 'Also send to #general' }).check();
    await desk.write('See you there', desk.thread);
    await desk.message('See you there', desk.thread).waitFor();
    const sent = desk.message('See you there', desk.main);
    await sent.getByText('replied to').waitFor();
    await desk.press('Close thread', desk.thread);
    await desk.thread.waitFor({ state: 'detached' });
    await desk.press('a thread', sent);
    await desk.thread.waitFor();
  });

  it('counts the same replies in a channel and in its thread, without what one person alone sees', async () => {
    const { slack } = at.stage;
    const threadTs = slack.say(idOf('uli'), channel('general'), 'Who is here?');
    for (const text of ['I am', 'I am, too']) slack.say(idOf('lea'), channel('general'), text, { threadTs });
    slack.world.ephemerals.push({
      user: idOf('ben'),
      channel: channel('general').id,
      ts: slack.world.nextTs(),
      text: 'psst',
      blocks: [],
      thread_ts: threadTs,
    });
    const desk = await at.open();
    await desk.at('Ben', 'general');
    await desk
      .message('Who is here?')
      .getByRole('button', { name: /^2 replies/ })
      .click();
    await desk.message('psst', desk.thread).waitFor();
    expect(await desk.thread.getByRole('separator').last().innerText()).to.equal('2 replies');
  });

  it('shows what is new for whom, until they have looked', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'general');
    await desk.at('Zoe', 'help-it');
    const { slack } = at.stage;
    const threadTs = slack.messages(channel('general'))[0]?.ts ?? '';
    slack.say(idOf('uli'), channel('general'), 'In a thread alone', { threadTs });
    await desk.openThread(desk.messages().first());
    slack.say(idOf('uli'), channel('help-it'), 'After it', {
      threadTs: slack.messages(channel('help-it'))[0]?.ts,
    });
    await desk.message('After it', desk.thread).waitFor();
    expect(await desk.entry('general').getAttribute('aria-label')).to.equal('general');
    slack.say(idOf('uli'), channel('general'), 'Cake in the kitchen');
    await desk.sidebar.getByRole('button', { name: 'general, unread' }).waitFor();
    await desk.sidebar.getByRole('radio', { name: /^Ben .*has something new/ }).waitFor();
    await desk.goTo('general');
    await desk.message('Cake in the kitchen').waitFor();
    await desk.sidebar.getByRole('button', { name: 'general', exact: true }).waitFor();
    await desk.at('Ben', 'general');
    await desk.as('Zoe');
    await waitFor(
      async () => (await desk.sidebar.getByRole('radio', { name: /^Ben .*something new/ }).count()) === 0,
      'the dot to be gone',
    );
  });

  it('shows above all where somebody is named, at the person and at the channel, until they have looked', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'help-it');
    await desk.at('Zoe', 'help-it');
    const { slack } = at.stage;
    slack.say(idOf('uli'), channel('general'), 'Does @ben know, @zoe?');
    const entry = desk.sidebar.getByRole('button', { name: 'general, unread, names you' });
    await entry.waitFor();
    const ben = desk.page.getByRole('radio', { name: /^Ben .*has a new direct message or mention/ });
    await ben.waitFor();
    for (const where of [entry, ben]) expect(await where.locator('.dot-strong').count()).to.equal(1);
    await desk.goTo('general');
    await entry.waitFor({ state: 'detached' });
    slack.say(idOf('uli'), channel('help-it'), 'Nobody in particular');
    const other = desk.sidebar.getByRole('button', { name: 'help-it, unread', exact: true });
    await other.waitFor();
    expect(await other.locator('.dot-strong').count()).to.equal(0);
    await desk.as('Ben');
    await desk.goTo('general');
    await desk.as('Zoe');
    await ben.waitFor({ state: 'detached' });
  });

  it('goes to any channel and into anybody’s shoes by one dialog', async () => {
    const desk = await at.open();
    await desk.as('Lea');
    await desk.press('Go to…', desk.sidebar);
    await desk.page.getByRole('combobox', { name: 'Go to a channel or person' }).fill('mana');
    await desk.page.keyboard.press('Enter');
    await desk.main.getByRole('heading', { name: 'managers', level: 1 }).waitFor();
    await desk.page.keyboard.press('Control+k');
    await desk.page.getByRole('option', { name: /Ben Okafor/ }).click();
    await desk.page.getByRole('radio', { name: /^Ben/, checked: true }).waitFor();
    expect(await desk.entry('managers').count()).to.equal(0);
  });

  it('joins a channel that one is not in yet, and then writes there', async () => {
    at.stage.slack.channels.add({ name: 'cake', members: [idOf('lea')] });
    const desk = await at.open();
    await desk.at('Zoe', 'cake');
    expect(await desk.composer().count()).to.equal(0);
    await desk.press('Join #cake', desk.main);
    await desk.write('Who bakes?');
    await desk.message('Who bakes?').waitFor();
  });

  it('leaves a private channel only when that is really wished, and a responder is one no longer', async () => {
    // What was looked at is there no more.
    at.expect(/404 .*state/);
    const desk = await at.open();
    await desk.at('Zoe', 'help-it');
    await desk.write('Who stays to the end?');
    await desk.at('Ben', 'triage-it');
    const card = desk.message('Who stays to the end?');
    await desk.press('Take it', card);
    await card.getByText(/^Owner\s*Ben/).waitFor();
    await desk.press('Leave #triage-it', desk.main);
    await desk.press('Stay here', desk.dialog);
    await desk.press('Leave #triage-it', desk.main);
    await desk.press('Leave', desk.dialog);
    await desk.entry('triage-it').waitFor({ state: 'detached' });
    await desk.main.getByRole('heading', { level: 1 }).waitFor();
    await desk.at('Ana', 'triage-it');
    await desk
      .message('Who stays to the end?')
      .getByText(/^Owner\s*nobody yet/)
      .waitFor();
    at.stage.slack.join(idOf('ben'), channel('triage-it'));
  });

  it('leads to a channel that is named, to the other show only when asked twice, and to a Home tab that is off', async () => {
    const desk = await at.open();
    await desk.goTo('general');
    await desk.press('#help-it', desk.main);
    await desk.main.getByRole('heading', { name: 'help-it', level: 1 }).waitFor();
    await desk.press('Faults');
    await desk.press('Stay here', desk.dialog);
    await desk.press('TrIAge Home', desk.sidebar);
    await desk.page.getByRole('heading', { name: 'The Home tab is off' }).waitFor();
    await desk.goTo('general');
    expect(await desk.page.getByRole('heading', { name: 'The Home tab is off' }).count()).to.equal(0);
  });

  it('shows what is refused where it was written, gives the text back, and lets it be dismissed', async () => {
    at.expect(/422/);
    const desk = await at.open();
    const room = at.stage.slack.channels.add({ name: 'attic', members: [idOf('zoe')] });
    await desk.at('Zoe', 'attic');
    at.stage.slack.channels.archive(room);
    await desk.write('Anybody here?');
    const trouble = desk.main.getByRole('alert');
    await trouble.getByText(/archived/).waitFor();
    expect(await desk.composer().inputValue()).to.equal('Anybody here?');
    await desk.press('Dismiss', trouble);
    await trouble.waitFor({ state: 'detached' });
  });

  it('leads back by the browser’s own button, and comes back to the same place after a reload', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'triage-it');
    await desk.goTo('general');
    await desk.page.goBack();
    await desk.main.getByRole('heading', { name: 'triage-it', level: 1 }).waitFor();
    await desk.page.reload();
    await desk.main.getByRole('heading', { name: 'triage-it', level: 1 }).waitFor();
    await desk.page.getByRole('radio', { name: /^Ben/, checked: true }).waitFor();
  });

  it('keeps what is explained, and how far the guide has come, over a reload; Back leaves the explanation', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    const number = desk.page.getByRole('button', { name: /^Explain request #/ }).last();
    await number.click();
    await desk.explanation.waitFor();
    await desk.press('All steps', desk.guide);
    const explained = desk.guide.getByRole('button', { name: 'Why is it as it is? (done)' });
    await explained.waitFor();
    await desk.page.reload();
    await desk.explanation.waitFor();
    await desk.press('All steps', desk.guide);
    await explained.waitFor();
    await desk.page.goBack();
    await desk.explanation.waitFor({ state: 'detached' });
  });

  const idOf = (name: string): string =>
    [...at.stage.slack.world.people.values()].find((each) => each.name === name)?.id ?? '';
  const channel = (name: string): Channel => {
    const found = [...at.stage.slack.world.channels.values()].find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no #${name}`);
    return found;
  };
});
