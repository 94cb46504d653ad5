package dev.nestor.benchmarks.archive;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// CPU time and memory of threads.
final class Cpu {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Cpu() {}

  /// Work that may fail.
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /// Of this thread, nanoseconds.
  static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /// What work costs this thread, nanoseconds.
  static long of(Work work) throws Exception {
    long before = now();
    work.run();
    return now() - before;
  }

  /// Of the living thread of a name, nanoseconds; 0 if there is none.
  static long ofThread(String name) {
    for (long id : THREADS.getAllThreadIds()) {
      var thread = THREADS.getThreadInfo(id);
      if (thread != null && thread.getThreadName().equals(name)) {
        return Math.max(0, THREADS.getThreadCpuTime(id));
      }
    }
    return 0;
  }

  /// Of all threads of this process, nanoseconds.
  static long ofProcess() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Bytes that this thread has allocated so far.
  static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  static double median(double... values) {
    return percentile(values, 50);
  }

  static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int at = (int) Math.ceil(percent / 100 * sorted.length) - 1;
    return sorted[Math.max(0, Math.min(sorted.length - 1, at))];
  }
}
