package dev.jebena.repositories;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Counts downloads, and writes the counts now and then: they may be some seconds old, and those of
/// the last seconds are lost with a killed server.
final class Downloads {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final RepoCatalog catalog;
    private final Map<Long, Long> counts = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong(System.nanoTime());

    Downloads(RepoCatalog catalog) {
        this.catalog = catalog;
    }

    void add(long repository) {
        counts.merge(repository, 1L, Long::sum);
        long last = written.get();
        long now = System.nanoTime();
        if (now - last > EVERY_NANOS && written.compareAndSet(last, now)) {
            Thread.startVirtualThread(this::flush);
        }
    }

    void flush() {
        for (Long repository : List.copyOf(counts.keySet())) {
            Long times = counts.remove(repository);
            if (times != null) {
                catalog.countDownload(repository, times);
            }
        }
    }
}
