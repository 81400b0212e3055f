/** The one table of what people of a soak do. */
import {
  askInChannel,
  chatter,
  dm,
  dmNew,
  formNew,
  mention,
  mentionInThread,
  shortcut,
  slashNew,
  ticket,
} from './asking.ts';
import type { ActName, ActStep } from './plan.ts';
import { pressCard, pressMessage, together, verb } from './pressing.ts';
import { Nothing } from './random.ts';
import type { Act, Stage } from './stage.ts';
import {
  check,
  edit,
  eyes,
  join,
  leave,
  remove,
  removeCard,
  reply,
  replyUnderCard,
  unreact,
} from './talking.ts';

const TABLE = {
  ask_in_channel: askInChannel,
  dm,
  dm_new: dmNew,
  mention,
  mention_in_thread: mentionInThread,
  chatter,
  ticket,
  shortcut,
  slash_new: slashNew,
  form_new: formNew,
  reply,
  reply_under_card: replyUnderCard,
  edit,
  delete: remove,
  delete_card: removeCard,
  press_card: pressCard,
  press_message: pressMessage,
  eyes,
  check,
  unreact,
  verb,
  leave,
  join,
  together,
} satisfies Readonly<Record<ActName, Act>>;

/** What the workspace does not let somebody do (react twice, press what is gone) is no fault of the app's. */
export async function act(stage: Stage, step: ActStep): Promise<'done' | 'nothing'> {
  const who = stage.team.people[step.who];
  if (who === undefined) throw new Error(`nobody is called ${step.who}`);
  const name = `${step.number} ${step.who}`;
  try {
    const { text, about } = await TABLE[step.act](stage, who, step.picks);
    stage.journal.note(`${name} ${text}`, about);
    return 'done';
  } catch (error) {
    if (error instanceof Nothing || isOfSlack(error)) {
      stage.journal.note(`${name} cannot ${step.act}: ${error.message}`);
      return 'nothing';
    }
    throw error;
  }
}

/** Errors by which the local Slack says that a person's client would not let them. */
function isOfSlack(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /^(?:no such|there is no|already_|no_reaction|message_not|.* (?:is not in|sees no|does not see|has no|did not write|offers no))/.test(
      error.message,
    )
  );
}
