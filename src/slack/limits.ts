/**
 * Block Kit's limits, from Slack's reference and the SDK's types. Lengths are counted in UTF-16 units, which is
 * never less than what Slack counts.
 */
export const LIMITS = {
  blocksInMessage: 50,
  blocksInView: 100,
  blockId: 255,
  actionId: 255,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  contextText: 2000,
  headerText: 150,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  options: 100,
  optionText: 75,
  /** The reference says 150 by now; older clients and the SDK's types say 75. */
  optionValue: 75,
  overflowOptions: 5,
  placeholder: 150,
  inputLabel: 2000,
  inputHint: 2000,
  inputText: 3000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  /** Of one text leaf; Slack names no limit for rich text, and takes this everywhere else. */
  richText: 3000,
  /** Top-level text is the notification, and what shows where blocks cannot; soft limit 4,000. */
  messageText: 3900,
} as const;
