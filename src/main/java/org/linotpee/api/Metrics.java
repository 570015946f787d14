package org.linotpee.api;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.linotpee.configuration.Service;

/** Counts and times requests; the same figures on every server. */
@Service
public class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  /**
   * Records a request.
   *
   * @param action the path of a known endpoint, never what a client made up
   * @param status the HTTP status
   */
  void request(String action, int status, boolean success, Duration duration) {
    Timer.builder("linotp.requests")
        .description("Requests by endpoint, HTTP status and success as the audit trail has it")
        .tag("action", action)
        .tag("status", String.valueOf(status))
        .tag("success", String.valueOf(success))
        .publishPercentileHistogram()
        .register(registry)
        .record(duration);
  }

  /** All figures in Prometheus's text format. */
  String text() {
    return registry.scrape();
  }

  @PreDestroy
  void stop() {
    garbageCollection.close();
    registry.close();
  }
}
