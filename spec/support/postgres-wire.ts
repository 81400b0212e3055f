/** PostgreSQL's wire protocol, as far as one has to read it to know which statement goes by and when it is answered. */

export interface Statement {
  /** The name of a prepared one, otherwise its text on one line. */
  readonly text: string;
  /** All of its transaction so far, BEGIN and itself included; alone where there is none. */
  readonly transaction: readonly string[];
  readonly connection: number;
}

interface Upward {
  readonly bytes: Buffer;
  /** Null for what is no statement: the start of a connection and its end. */
  readonly statement: Statement | null;
}

interface Downward {
  readonly bytes: Buffer;
  /** It ends with the server being ready for the next statement. */
  readonly isAnswer: boolean;
}

/** Cuts what the daemon sends into statements, each with all the messages that belong to it. */
export function statementsIn(connection: number): (chunk: Buffer) => readonly Upward[] {
  let rest: Buffer = Buffer.alloc(0);
  let isStarted = false;
  let group: Buffer[] = [];
  let text = '';
  let transaction: string[] = [];

  function end(): Upward {
    const bytes = Buffer.concat(group);
    group = [];
    if (/^begin$/i.test(text)) transaction = [];
    transaction = [...transaction, text];
    const statement = { text, transaction, connection };
    const isOpen = /^begin$/i.test(transaction[0] ?? '') && !/^(commit|rollback)$/i.test(text);
    if (!isOpen) transaction = [];
    text = '';
    return { bytes, statement };
  }

  return (chunk) => {
    const found: Upward[] = [];
    rest = Buffer.concat([rest, chunk]);
    if (!isStarted) {
      // The first message has no type.
      if (rest.length < 4 || rest.length < rest.readInt32BE(0)) return found;
      const length = rest.readInt32BE(0);
      found.push({ bytes: rest.subarray(0, length), statement: null });
      rest = rest.subarray(length);
      isStarted = true;
    }
    for (const message of messages()) {
      const type = String.fromCharCode(message[0] ?? 0);
      group.push(message);
      const [first = '', second = ''] = message.subarray(5).toString('latin1').split('\0', 2);
      if (type === 'Q') text = oneLine(first);
      // Parse: name and text; Bind: portal and name.
      else if (type === 'P') text = first === '' ? oneLine(second) : first;
      else if (type === 'B' && second !== '') text = second;
      if (type === 'Q' || type === 'S') found.push(end());
      else if (type === 'X' || type === 'p') found.push({ bytes: group.pop() ?? message, statement: null });
    }
    return found;
  };

  function* messages(): Generator<Buffer> {
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1;
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
}

/** Cuts what the server sends after each answer; what comes in between goes on at once. */
export function answersIn(): (chunk: Buffer) => readonly Downward[] {
  let rest: Buffer = Buffer.alloc(0);
  let answer: Buffer[] = [];
  let isStarted = false;
  return (chunk) => {
    const found: Downward[] = [];
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1;
      answer.push(rest.subarray(0, length));
      const type = String.fromCharCode(rest[0] ?? 0);
      rest = rest.subarray(length);
      // Z: ready for the next one. E alone may be the last that the server says.
      if (type !== 'Z' && type !== 'E') continue;
      found.push({ bytes: Buffer.concat(answer), isAnswer: type === 'Z' && isStarted });
      answer = [];
      // The first Z answers the start of the connection.
      if (type === 'Z') isStarted = true;
    }
    return found;
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
