/** The verbs of this version, in the order in which `help` and the documentation list them. */
import type { Verb } from './command-kinds.ts';

/** `reader`: whoever may read the request; `owner`: also whoever is being asked to take it. */
export type Who = 'anybody' | 'reader' | 'asker' | 'owner' | 'responder' | 'asker_or_responder';

export interface VerbInfo {
  readonly verb: Verb;
  /** As it is typed. */
  readonly name: string;
  /** Capitals and `n`, `m`, `@user` stand for what the person fills in, brackets for what may be left out. */
  readonly usage: string;
  readonly example: string;
  readonly explanation: string;
  readonly who: Who;
}

/** Keyed by verb, so that the compiler misses a verb that is not explained. */
const EXPLAINED: { readonly [One in Verb]: Omit<VerbInfo, 'name'> & { readonly verb: One } } = {
  help: { verb: 'help', usage: 'help', example: 'help', explanation: 'this list', who: 'anybody' },
  new: {
    verb: 'new',
    usage: 'new TEXT',
    example: 'new the printer is on fire',
    explanation: 'make a request',
    who: 'anybody',
  },
  list: {
    verb: 'list',
    usage: 'list [mine|new|waiting|overdue|queue NAME]',
    example: 'list queue it',
    explanation: 'open requests',
    who: 'anybody',
  },
  show: {
    verb: 'show',
    usage: 'show #n',
    example: 'show #12',
    explanation: 'one request in full',
    who: 'reader',
  },
  claim: { verb: 'claim', usage: 'claim #n', example: 'claim #12', explanation: 'take it', who: 'responder' },
  assign: {
    verb: 'assign',
    usage: 'assign #n @user',
    example: 'assign #12 @ana',
    explanation: 'give it to a responder',
    who: 'responder',
  },
  pass: {
    verb: 'pass',
    usage: 'pass #n',
    example: 'pass #12',
    explanation: 'give it back, or to the next',
    who: 'owner',
  },
  priority: {
    verb: 'priority',
    usage: 'priority #n LEVEL',
    example: 'priority #12 high',
    explanation: 'urgent 🔴, high 🟠, normal 🔵 or low ⚪',
    who: 'asker_or_responder',
  },
  wait: {
    verb: 'wait',
    usage: 'wait #n',
    example: 'wait #12',
    explanation: 'it waits for the asker',
    who: 'responder',
  },
  hold: {
    verb: 'hold',
    usage: 'hold #n until WHEN REASON',
    example: 'hold #12 until friday waiting for the supplier',
    explanation: 'it waits for a third party',
    who: 'responder',
  },
  unhold: {
    verb: 'unhold',
    usage: 'unhold #n',
    example: 'unhold #12',
    explanation: 'it goes on',
    who: 'asker_or_responder',
  },
  snooze: {
    verb: 'snooze',
    usage: 'snooze #n WHEN',
    example: 'snooze #12 2h',
    explanation: 'no reminders to you about it until then',
    who: 'responder',
  },
  remind: {
    verb: 'remind',
    usage: 'remind #n WHEN',
    example: 'remind #12 tomorrow 9am',
    explanation: 'a reminder for you alone',
    who: 'reader',
  },
  resolve: {
    verb: 'resolve',
    usage: 'resolve #n [NOTE]',
    example: 'resolve #12 replaced the cable',
    explanation: 'it is done',
    who: 'asker_or_responder',
  },
  reopen: {
    verb: 'reopen',
    usage: 'reopen #n',
    example: 'reopen #12',
    explanation: 'it is not done after all',
    who: 'asker_or_responder',
  },
  duplicate: {
    verb: 'duplicate',
    usage: 'duplicate #n of #m',
    example: 'duplicate #12 of #10',
    explanation: 'the same was asked before',
    who: 'responder',
  },
  not_request: {
    verb: 'not_request',
    usage: 'not-request #n',
    example: 'not-request #12',
    explanation: 'nothing was asked',
    who: 'responder',
  },
  decline: {
    verb: 'decline',
    usage: 'decline #n REASON',
    example: 'decline #12 we do not buy phones',
    explanation: 'it will not be done',
    who: 'responder',
  },
  withdraw: {
    verb: 'withdraw',
    usage: 'withdraw #n',
    example: 'withdraw #12',
    explanation: 'take your request back',
    who: 'asker',
  },
  move: {
    verb: 'move',
    usage: 'move #n QUEUE',
    example: 'move #12 it',
    explanation: 'to another queue',
    who: 'responder',
  },
  undo: {
    verb: 'undo',
    usage: 'undo #n',
    example: 'undo #12',
    explanation: 'take the last ending back, for 24 h',
    who: 'asker_or_responder',
  },
  duty: {
    verb: 'duty',
    usage: 'duty [@user until WHEN]',
    example: 'duty @ana until monday',
    explanation: 'whose turn it is, or whose it shall be',
    who: 'responder',
  },
  status: {
    verb: 'status',
    usage: 'status',
    example: 'status',
    explanation: 'how your requests stand',
    who: 'anybody',
  },
};

export const VERBS: readonly VerbInfo[] = Object.values(EXPLAINED).map(({ verb }) => explain(verb));

export function explain(verb: Verb): VerbInfo {
  return { name: verb.replace('_', '-'), ...EXPLAINED[verb] };
}

const WHO: Readonly<Record<Who, string>> = {
  anybody: '',
  reader: '',
  asker: ' (asker)',
  owner: ' (owner)',
  responder: ' (responders)',
  asker_or_responder: ' (asker, responders)',
};

/** One line a verb, in mrkdwn: nothing in it needs escaping. */
export function helpLines(): readonly string[] {
  return VERBS.map(({ usage, explanation, who }) => `\`${usage}\` ${explanation}${WHO[who]}`);
}
