/** A refusal in AWS's shape: the type is what an SDK shows as the error's name. */
export class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = 'AwsError';
    this.type = type;
  }
}
