/** Lets a faulty bridge.config.ts fail the build, rather than each Lambda when it is first called. */
export default class CheckConfig {
  constructor(serverless) {
    const check = async () => {
      try {
        await import('../../bridge.config.ts');
      } catch (error) {
        const message =
          error?.name === 'ConfigError' ? error.message : `bridge.config.ts cannot be loaded: ${error}`;
        throw new serverless.classes.Error(message, 'INVALID_BRIDGE_CONFIG', { cause: error });
      }
    };
    this.hooks = {
      'before:package:initialize': check,
      'before:deploy:function:initialize': check,
      'before:offline:start': check,
      'before:offline:start:init': check,
    };
  }
}
