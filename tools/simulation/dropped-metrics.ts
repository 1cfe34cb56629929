import { Metrics } from '@aws-lambda-powertools/metrics';

/** Metrics that go nowhere. */
export class DroppedMetrics extends Metrics {
  override publishStoredMetrics(): this {
    this.clearMetrics();
    return this;
  }
}
