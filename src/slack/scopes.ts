/**
 * What the bot token must be granted, each with its reason. The manifest asks for the same (checked by a spec),
 * also for what is still to come, so that no workspace has to install the app twice.
 */
export const REQUIRED_SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'mentions of the bot in channels',
  'channels:history': 'requests in public channels, and what was said there during a gap',
  'channels:read': 'who is in a public triage channel, and whether it is shared',
  'chat:write': 'cards, replies and direct messages',
  commands: '/triage and both shortcuts',
  'dnd:read': 'no reminders while somebody has Do Not Disturb on',
  'groups:history': 'requests in private channels, and what was said there during a gap',
  'groups:read': 'who is in a private triage channel',
  'im:history': 'requests by direct message',
  'im:read': 'which direct messages to read after a gap',
  'im:write': 'direct messages to the person on duty',
  'reactions:read': 'capture, take and resolve by reaction',
  'users:read': 'names, time zones, and who has left',
  'users:read.email': 'people named by e-mail in the configuration',
};

/** What the app-level token must be granted. */
export const APP_TOKEN_SCOPE = 'connections:write';
