/** What the server does not do, in one line for the person, with the status that says whose mistake it is. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
