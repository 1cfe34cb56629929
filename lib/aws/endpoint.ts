/**
 * Where a service of AWS answers, such as `https://dynamodb.eu-west-1.amazonaws.com`.
 * https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export const endpointIn = (region: string, service: string): string =>
  `https://${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
