/** What plugins use of the Serverless Framework's objects, for which osls and version 4 publish no types. */

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string | string[];
}

interface Provider {
  getStage(): string;
  getRegion(): string;
  /** The logical ids of the resources that the framework makes of a function. */
  naming: { getLambdaLogicalId(key: string): string; getLogGroupLogicalId(key: string): string };
}

interface FunctionDefinition {
  events?: object[];
  /** Of serverless-iam-roles-per-function: the name of the function's role. */
  iamRoleStatementsName?: string;
  /** Of serverless-esbuild: the function is not built by it. */
  skipEsbuild?: boolean;
}

export interface Framework {
  /** serverless.yml, as far as parameters go. */
  configurationInput: { params?: Record<string, object> };
  /** The command line: `--param="name=value"`. */
  processedInput: { options: { param?: string[] } };
  classes: { Error: new (message: string, code: string, options?: ErrorOptions) => Error };
  configSchemaHandler: {
    schema: { properties: object };
    defineTopLevelProperty(name: string, schema: object): void;
  };
  getProvider(name: 'aws'): Provider;
  service: {
    custom: Record<string, unknown>;
    provider: { compiledCloudFormationTemplate: { Resources: Record<string, Resource> } };
    getAllFunctions(): string[];
    getFunction(key: string): FunctionDefinition;
  };
  /** The folder of serverless.yml. */
  serviceDir: string;
}

/** What a plugin does, by the points of a command at which it does so: `before:package:initialize`. */
export type Hooks = Record<string, () => void | Promise<void>>;
